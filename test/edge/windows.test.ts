// Several windows at one engine, and one engine after another on the same data.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import path from 'node:path';
import { FailureError, fail } from '../../src/contract/failure.ts';
import type { State } from '../../src/contract/state.ts';
import { Engine } from '../../src/engine/engine.ts';
import { ProfileTable } from '../../src/engine/store/profile.ts';
import { StoreBusy } from '../../src/engine/store/storeBusy.ts';
import { isGenuineEngine } from '../../src/extension/engine/genuineEngine.ts';
import { type Person, Town } from '../support/engines.ts';
import type { TestWindow } from '../support/testWindow.ts';

describe('windows', function () {
  this.timeout(60_000);
  let town: Town;
  let sara: Person;
  let bob: Person;

  beforeEach(async () => {
    town = await Town.open();
    [sara, bob] = await town.friends('sara', 'bob');
  });
  afterEach(() => town.close());

  const place = (name: string) => path.join(town.folder, name);

  async function inStep(...windows: TestWindow[]): Promise<State[]> {
    const newest = Math.max(...windows.map(({ state }) => state.revision));
    await Promise.all(windows.map((window) => window.until(({ revision }) => revision >= newest)));
    return windows.map(({ state }) => state);
  }

  it('show the same, whenever they came', async () => {
    const second = await sara.openWindow();
    await Promise.all(Array.from({ length: 50 }, (_, i) => bob.say(sara, `${i}`)));
    const late: TestWindow[] = [];
    for (let i = 0; i < 10; i++) {
      const [window] = await Promise.all([sara.openWindow(), sara.say(bob, 'meanwhile')]);
      late.push(window);
    }
    await writeFile(place('a.txt'), 'a');
    const offer = { peer: bob.fingerprint, path: place('a.txt'), asPicture: false };
    const { id } = await second.request('offerFile', offer);
    await bob.window.transfer(id, 'offered');
    await bob.request('answerTransfer', { id, accept: true });
    await sara.window.transfer(id, 'done');
    await sara.peer(bob, ({ unread, undelivered }) => unread === 50 && undelivered === 0);
    const [state, ...others] = await inStep(sara.window, second, ...late);
    for (const other of others) assert.deepEqual(other, state);
  });

  it('can see that an engine is the one of their folder, and no other', async () => {
    const prove = async (challenge: string) => (await sara.request('prove', { challenge })).signature;
    assert.equal(await isGenuineEngine(sara.dataDir, prove), true);
    assert.equal(await isGenuineEngine(bob.dataDir, prove), false);
    const replayed = await prove('before');
    assert.equal(await isGenuineEngine(sara.dataDir, async () => replayed), false);
    assert.equal(await isGenuineEngine(sara.dataDir, async () => ''), false);
    await assert.rejects(isGenuineEngine(town.folder, prove), { code: 'ENOENT' });
  });

  it('know at once what another one has read', async () => {
    const second = await sara.openWindow();
    const { number } = await bob.say(sara, 'one');
    await second.until(({ peers }) => peers[bob.fingerprint]?.unread === 1);
    await sara.request('markRead', { peer: bob.fingerprint, upTo: number });
    await second.until(({ peers }) => peers[bob.fingerprint]?.unread === 0);
    await bob.peer(sara, ({ receipts }) => receipts.read === number);
  });

  it('go without the others noticing', async () => {
    const second = await sara.openWindow();
    second.close();
    await sara.say(bob, 'still here');
    await sara.peer(bob, ({ undelivered }) => undelivered === 0);
  });

  it('load a conversation page by page', async () => {
    for (let i = 0; i < 7; i++) await sara.say(bob, `${i}`);
    const peer = bob.fingerprint;
    const newest = await sara.request('history', { peer, limit: 3 });
    const before = newest.messages[0]?.order ?? 0;
    const earlier = await sara.request('history', { peer, before, limit: 3 });
    const texts = [...earlier.messages, ...newest.messages].map(
      ({ body }) => body.kind === 'text' && body.text,
    );
    assert.deepEqual(texts, ['1', '2', '3', '4', '5', '6']);
    assert.deepEqual([newest.hasEarlier, earlier.hasEarlier], [true, true]);
  });

  it('that speak no JSON-RPC are let go of', async () => {
    const socket = createConnection(sara.pipeAddress).on('error', () => {});
    await once(socket, 'connect');
    socket.end('Content-Length: 5\r\n\r\n{{{{{nonsense');
    await new Promise((resolve) => socket.resume().once('close', resolve));
    await sara.say(bob, 'still here');
  });

  it('of a second engine wait: the data has one holder', async () => {
    await assert.rejects(
      Engine.start(sara.engineStart, () => {}),
      StoreBusy,
    );
    await sara.say(bob, 'still here');
    await sara.peer(bob, ({ undelivered }) => undelivered === 0);
  });

  it('have an engine on a full disk, too, although it cannot note its port', async () => {
    await bob.say(sara, 'before');
    await sara.peer(bob, ({ unread }) => unread === 1);
    await sara.stop();
    const usual = Object.getOwnPropertyDescriptor(ProfileTable.prototype, 'lastPort') ?? {};
    const set = () => {
      throw fail('diskFull', { path: sara.dataDir });
    };
    Object.defineProperty(ProfileTable.prototype, 'lastPort', { ...usual, set });
    try {
      await sara.start();
    } finally {
      Object.defineProperty(ProfileTable.prototype, 'lastPort', usual);
    }
    const { messages } = await sara.request('history', { peer: bob.fingerprint, limit: 10 });
    assert.equal(messages.length, 1);
  });

  it('are told where no pipe can be', async () => {
    await writeFile(place('in-the-way'), 'a file where the folder would be');
    await sara.stopEngine();
    const engine = await Engine.start(sara.engineStart, () => {});
    await assert.rejects(
      engine.listen(path.join(place('in-the-way'), 'pipe')),
      (error) => error instanceof FailureError && error.failure.code === 'pipeUnusable',
    );
    await engine.close();
  });

  it('hear at once that their engine is gone, and so does whoever waits for an answer', async () => {
    const eve = await town.person('eve');
    const { peer } = await sara.request('lookUp', { name: 'eve' });
    const { window } = sara;
    const waiting = window.failure('connect', { peer });
    await eve.peer(sara, ({ link }) => link === 'asking');
    const start = performance.now();
    const stopped = sara.stopEngine();
    await window.closed;
    assert.ok(performance.now() - start < 1_000);
    assert.equal(await waiting, 'engineGone');
    await stopped;
  });

  it('find everything at the next engine, soon: people, what is unread and unsent, and files on their way', async () => {
    const bobIs = bob.fingerprint;
    await bob.say(sara, 'unread');
    await sara.peer(bob, ({ unread }) => unread === 1);
    await writeFile(place('a.txt'), 'a');
    const offered = await sara.request('offerFile', { peer: bobIs, path: place('a.txt'), asPicture: false });
    await bob.window.transfer(offered.id, 'offered');
    await bob.stop();
    await sara.window.peer(bobIs, ({ link }) => link === 'none');
    await sara.request('sendText', { peer: bobIs, text: 'unsent' });
    const messages = await sara.window.messages(bobIs);
    const before = sara.state;

    await sara.stop();
    const start = performance.now();
    await sara.start();
    assert.ok(performance.now() - start < 2_000);

    const { name, unread, undelivered } = await sara.window.peer(
      bobIs,
      ({ standing }) => standing === 'accepted',
    );
    assert.deepEqual([name, unread, undelivered], ['bob', 1, 1]);
    assert.deepEqual(await sara.window.messages(bobIs), messages);
    assert.deepEqual(sara.state.transfers[offered.id], before.transfers[offered.id]);
    assert.equal(sara.state.me.name, 'sara');
    await bob.start();
    await bob.request('answerTransfer', { id: offered.id, accept: true });
    await sara.window.transfer(offered.id, 'done');
    await sara.peer(bob, ({ undelivered }) => undelivered === 0);
  });
});
