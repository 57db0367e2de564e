// Texts between two real engines: in order, once, and with receipts that are true.

import assert from 'node:assert/strict';
import path from 'node:path';
import { MAX_TEXT_LENGTH, type Message } from '../../src/contract/message.ts';
import { type Person, Town } from '../support/engines.ts';
import { HeadlessEngine } from '../support/headlessEngine.ts';

const numbered = (what: string, count: number) => Array.from({ length: count }, (_, i) => `${what} ${i + 1}`);

const textsFrom = (writer: Message['from'], messages: readonly Message[]) =>
  messages.flatMap(({ from, body }) => (from === writer && body.kind === 'text' ? [body.text] : []));

describe('chat', function () {
  this.timeout(60_000);
  let town: Town;
  let sara: Person;
  let bob: Person;

  beforeEach(async () => {
    town = await Town.open();
    [sara, bob] = await town.friends('sara', 'bob');
  });
  afterEach(() => town.close());

  /** What `reader` has of `writer`'s texts, from the store. */
  const heard = async (reader: Person, writer: Person) =>
    textsFrom('peer', await reader.window.messages(writer.fingerprint));

  it('carries every script, emoji and the longest text unchanged, both ways', async () => {
    const texts = [
      'سلام، حالت چطوره؟',
      'می‌نویسم',
      '👩🏽‍💻🎉',
      'line\nline\ttab',
      'x'.repeat(MAX_TEXT_LENGTH),
    ];
    for (const text of texts) await sara.say(bob, text);
    for (const text of texts) await bob.say(sara, text);
    await sara.peer(bob, ({ undelivered, unread }) => undelivered === 0 && unread === texts.length);
    await bob.peer(sara, ({ undelivered, unread }) => undelivered === 0 && unread === texts.length);
    assert.deepEqual(await heard(bob, sara), texts);
    assert.deepEqual(await heard(sara, bob), texts);
  });

  it('refuses a text that is empty or too long, and stores nothing', async () => {
    const peer = bob.fingerprint;
    assert.equal(await sara.failure('sendText', { peer, text: ' \n ' }), 'textEmpty');
    const text = 'x'.repeat(MAX_TEXT_LENGTH + 1);
    assert.equal(await sara.failure('sendText', { peer, text }), 'textTooLong');
    assert.deepEqual(await sara.window.messages(peer), []);
  });

  it('says sent, delivered and read only after each is true', async () => {
    const peer = sara.fingerprint;
    const { fingerprint } = bob;
    await bob.stop();
    await sara.window.peer(fingerprint, ({ link }) => link === 'none');
    const { number } = await sara.request('sendText', { peer: fingerprint, text: 'are you there?' });
    const away = await sara.window.peer(fingerprint, ({ undelivered }) => undelivered === 1);
    assert.deepEqual(away.receipts, { sent: 0, delivered: 0, read: 0 });
    await bob.start();
    const there = await sara.window.peer(fingerprint, ({ receipts }) => receipts.delivered === number);
    assert.deepEqual(there.receipts, { sent: number, delivered: number, read: 0 });
    assert.equal((await bob.window.peer(peer, ({ unread }) => unread === 1)).unread, 1);
    await bob.request('markRead', { peer, upTo: number });
    await sara.window.peer(fingerprint, ({ receipts }) => receipts.read === number);
    assert.equal(bob.state.peers[peer]?.unread, 0);
  });

  it('keeps what is written to somebody who is away, over a restart, and delivers it once when they appear', async () => {
    const { fingerprint } = bob;
    await bob.stop();
    await sara.window.peer(fingerprint, ({ link }) => link === 'none');
    const texts = numbered('while you were away', 3);
    for (const text of texts) await sara.request('sendText', { peer: fingerprint, text });
    await sara.stop();
    await sara.start();
    await sara.window.peer(fingerprint, ({ undelivered }) => undelivered === 3);
    await bob.start();
    await sara.peer(bob, ({ undelivered }) => undelivered === 0);
    assert.deepEqual(await heard(bob, sara), texts);
  });

  it('goes on with the next number when a store was put back to an older copy', async () => {
    await sara.say(bob, 'one');
    await sara.peer(bob, ({ undelivered }) => undelivered === 0);
    await bob.stop();
    await sara.stop();
    const copy = await sara.copyStore();
    await Promise.all([sara.start(), bob.start()]);
    await sara.peer(bob, ({ link }) => link === 'connected');
    await sara.say(bob, 'two, which the copy does not know');
    await sara.peer(bob, ({ undelivered }) => undelivered === 0);
    await bob.stop();
    await sara.stop();
    await copy.putBack();
    await Promise.all([sara.start(), bob.start()]);
    await sara.peer(bob, ({ link }) => link === 'connected');
    await sara.say(bob, 'three');
    await sara.peer(bob, ({ undelivered }) => undelivered === 0);
    assert.deepEqual(await heard(bob, sara), ['one', 'two, which the copy does not know', 'three']);
  });

  it('loses and doubles nothing when a store that was put back to an older copy has grown before it met the other', async () => {
    const { fingerprint } = bob;
    await sara.say(bob, 'one');
    await sara.peer(bob, ({ undelivered }) => undelivered === 0);
    await bob.stop();
    await sara.window.peer(fingerprint, ({ link }) => link === 'none');
    await sara.request('sendText', { peer: fingerprint, text: 'waiting when it was copied' });
    await sara.stop();
    const copy = await sara.copyStore();
    await Promise.all([sara.start(), bob.start()]);
    await sara.peer(bob, ({ undelivered }) => undelivered === 0);
    await sara.say(bob, 'lost with the store');
    await sara.peer(bob, ({ undelivered }) => undelivered === 0);
    await bob.stop();
    await sara.stop();
    await copy.putBack();
    await sara.start();
    const later = numbered('after the copy', 3);
    for (const text of later) await sara.request('sendText', { peer: fingerprint, text });
    await bob.start();
    await sara.peer(bob, ({ undelivered }) => undelivered === 0);
    const expected = ['one', 'waiting when it was copied', 'lost with the store', ...later];
    assert.deepEqual(await heard(bob, sara), expected);
  });

  it('is caught up with by a store that was put back to an older copy', async () => {
    await sara.stop();
    const copy = await sara.copyStore();
    await sara.start();
    const texts = numbered('since the copy', 3);
    for (const text of texts) await bob.say(sara, text);
    await bob.peer(sara, ({ undelivered }) => undelivered === 0);
    await sara.stop();
    await copy.putBack();
    await sara.start();
    await sara.peer(bob, ({ unread }) => unread === 3);
    assert.deepEqual(await heard(sara, bob), texts);
  });

  it('leaves no word of it in the log of either', async () => {
    const secret = 'zwieback';
    const { fingerprint: peer } = bob;
    const { id } = await sara.say(bob, `${secret} said`);
    await sara.request('editMessage', { peer, id, text: `${secret} edited` });
    await sara.request('searchMessages', { query: secret, limit: 10 });
    await sara.failure('sendText', { peer, text: secret.repeat(MAX_TEXT_LENGTH) });
    await sara.peer(bob, ({ undelivered }) => undelivered === 0);
    await bob.stopEngine();
    await sara.peer(bob, ({ link }) => link === 'none');
    await sara.say(bob, `${secret} waits`);
    await sara.stopEngine();
    const lines = [...sara.log, ...bob.log].map((line) => JSON.stringify(line));
    assert.ok(lines.length > 0);
    assert.deepEqual(
      lines.filter((line) => line.includes(secret)),
      [],
    );
  });

  describe('with an engine that is killed', () => {
    let eve: HeadlessEngine;
    afterEach(() => eve.stop());

    const start = () =>
      HeadlessEngine.start(
        path.join(town.folder, 'eve'),
        ...['--name', 'eve', '--registry', town.registryUrl],
      );

    /** How many texts were handed to the engine, and how many it has confirmed. */
    async function talkUntilKilled(from: HeadlessEngine, to: Person) {
      const atOnce = 50;
      let confirmed = 0;
      for (let tried = 0; ; tried += atOnce) {
        const texts = numbered('from eve', tried + atOnce).slice(tried);
        const saying = texts.map((text) =>
          from.window.request('sendText', { peer: to.fingerprint, text }).then(() => confirmed++),
        );
        const outcomes = await Promise.allSettled(saying);
        if (outcomes.some(({ status }) => status === 'rejected')) return { tried: tried + atOnce, confirmed };
      }
    }

    it('loses nothing and doubles nothing on either side', async () => {
      eve = await start();
      const eveIs = await sara.window.befriend(eve.window);

      const texts = numbered('to eve', 800);
      const told = Promise.all(texts.map((text) => sara.request('sendText', { peer: eveIs, text })));
      const talk = talkUntilKilled(eve, sara);
      await eve.window.peer(sara.fingerprint, ({ unread }) => unread >= 100);
      await sara.window.peer(eveIs, ({ unread }) => unread >= 100);
      await eve.kill();
      const { tried, confirmed } = await talk;
      await told;

      eve = await start();
      await sara.window.peer(eveIs, ({ undelivered }) => undelivered === 0);
      const evesOwn = await eve.window.messages(sara.fingerprint);
      assert.deepEqual(textsFrom('peer', evesOwn), texts);
      const said = textsFrom('me', evesOwn);
      assert.deepEqual(said, numbered('from eve', tried).slice(0, said.length));
      assert.ok(said.length >= confirmed, 'what was confirmed to the window is stored');
      await eve.window.peer(sara.fingerprint, ({ undelivered }) => undelivered === 0);
      assert.deepEqual(textsFrom('peer', await sara.window.messages(eveIs)), said);
    });
  });
});

describe('a long chat', function () {
  // Each message waits for the disk, which others may keep busy.
  this.timeout(180_000);
  let town: Town;
  before(async () => {
    town = await Town.open();
  });
  after(() => town.close());

  it('takes a burst of 10,000 messages in order and exactly once', async () => {
    const [sara, bob] = await town.friends('sara', 'bob');
    const texts = numbered('message', 10_000);
    await Promise.all(texts.map((text) => sara.say(bob, text)));
    await sara.peer(bob, ({ undelivered }) => undelivered === 0);
    await bob.peer(sara, ({ unread }) => unread === texts.length);
    assert.deepEqual(textsFrom('peer', await bob.window.messages(sara.fingerprint)), texts);
  });
});
