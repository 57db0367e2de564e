// Between two real engines: what was said is edited, deleted, answered and reacted to, searched and written to a file.

import assert from 'node:assert/strict';
import { readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { drawn } from '../../src/peer/drawing.ts';
import { heldFor } from '../support/badDisks.ts';
import { type Person, Town } from '../support/engines.ts';
import { onPlatform } from '../support/onPlatform.ts';

describe('what was said', function () {
  this.timeout(60_000);
  let town: Town;
  let sara: Person;
  let bob: Person;

  before(async () => {
    town = await Town.open({ onQuickDisk: true });
    [sara, bob] = await town.friends('sara', 'bob');
  });
  after(() => town.close());

  /** The message as `reader`'s window is told of it, now or later. */
  const changed = (reader: Person, id: string) =>
    reader.window.until(() =>
      reader.window.events
        .flatMap((event) => (event.kind === 'messageChanged' ? [event.message] : []))
        .findLast((message) => message.id === id),
    );
  const delivered = () => sara.peer(bob, ({ undelivered }) => undelivered === 0);
  const inBobsStore = async (id: string) =>
    (await bob.window.messages(sara.fingerprint)).find((message) => message.id === id);

  it('is edited on both sides', async () => {
    const { id } = await sara.say(bob, 'helo');
    const edited = await sara.request('editMessage', { peer: bob.fingerprint, id, text: 'hello' });
    assert.deepEqual(edited.body, { kind: 'text', text: 'hello' });
    assert.deepEqual((await changed(bob, id)).body, edited.body);
    assert.deepEqual((await inBobsStore(id))?.editedAt, edited.editedAt);
  });

  it('is deleted on both sides, and lowers what is unread', async () => {
    const { id } = await sara.say(bob, 'a secret');
    await delivered();
    const before = bob.state.peers[sara.fingerprint]?.unread ?? 0;
    await sara.request('deleteMessage', { peer: bob.fingerprint, id });
    assert.deepEqual((await changed(bob, id)).body, { kind: 'deleted' });
    await bob.peer(sara, ({ unread }) => unread === before - 1);
    const found = await bob.request('searchMessages', { query: 'secret', limit: 10 });
    assert.deepEqual(found.hits, []);
    assert.equal(await sara.request('deleteMessage', { peer: bob.fingerprint, id }), null, 'asked again');
  });

  it('is answered and reacted to by either', async () => {
    const { id } = await sara.say(bob, 'lunch?');
    await delivered();
    await bob.request('react', { peer: sara.fingerprint, id, emoji: '👍', on: true });
    assert.deepEqual((await changed(sara, id)).reactions, [{ emoji: '👍', from: 'peer' }]);
    const answer = await bob.request('sendText', { peer: sara.fingerprint, text: 'yes', replyTo: id });
    assert.equal(answer.replyTo?.excerpt, 'lunch?');
    await sara.window.until(() =>
      sara.window.events.some((event) => event.kind === 'messageAdded' && event.message.replyTo?.id === id),
    );
  });

  it('goes with all that followed to somebody who was away', async () => {
    const peer = bob.fingerprint;
    await bob.stop();
    await sara.window.peer(peer, ({ link }) => link === 'none');
    const say = (text: string) => sara.request('sendText', { peer, text });
    const { id } = await say('fist draft');
    const { id: gone } = await say('never mind');
    await sara.request('editMessage', { peer, id, text: 'first draft' });
    await sara.request('deleteMessage', { peer, id: gone });
    await bob.start();
    await delivered();
    assert.deepEqual((await inBobsStore(id))?.body, { kind: 'text', text: 'first draft' });
    assert.equal(await inBobsStore(gone), undefined);
  });

  it('is a picture that is taken back on both sides with all that shows it', async () => {
    const picture = path.join(town.folder, 'secret.png');
    await writeFile(picture, await drawn(1));
    const { id } = await sara.request('offerFile', {
      ...{ peer: bob.fingerprint, path: picture, asPicture: true },
    });
    const { thumbnailPath = '' } = await bob.window.until(({ transfers }) => {
      const transfer = transfers[id];
      return transfer?.thumbnailPath !== undefined && transfer;
    });
    const message = (await sara.window.messages(bob.fingerprint)).at(-1)?.id ?? '';
    await sara.request('deleteMessage', { peer: bob.fingerprint, id: message });
    assert.deepEqual((await changed(bob, message)).body, { kind: 'deleted' });
    const { state, placeholder } = await bob.window.transfer(id, 'cancelled');
    assert.deepEqual([state, placeholder], [{ kind: 'cancelled', by: 'peer' }, undefined]);
    await assert.rejects(readFile(thumbnailPath), { code: 'ENOENT' });
    assert.ok((await stat(picture)).size > 0);
  });

  it('is being written, as long as somebody says so or until it is here', async () => {
    await sara.request('typing', { peer: bob.fingerprint, on: true });
    await bob.peer(sara, ({ isTyping }) => isTyping === true);
    await sara.say(bob, 'here it is');
    await bob.peer(sara, ({ isTyping }) => isTyping === undefined);
  });

  it('is found, and shown with what is around it', async () => {
    await sara.say(bob, 'the needle');
    for (const text of ['one', 'two', 'three']) await sara.say(bob, text);
    const peer = bob.fingerprint;
    const { hits } = await sara.request('searchMessages', { query: 'needl', peer, limit: 5 });
    assert.deepEqual(
      hits.map(({ excerpt }) => excerpt),
      ['the needle'],
    );
    const around = hits[0]?.message.order ?? 0;
    const page = await sara.request('history', { peer, around, limit: 4 });
    assert.deepEqual([page.place, page.messages.length, page.hasLater], ['apart', 4, true]);
    const later = await sara.request('history', { peer, after: page.messages.at(-1)?.order ?? 0, limit: 9 });
    assert.deepEqual([later.messages.length, later.hasLater], [2, false]);
  });

  it('is written to a file that is private, or not at all', async () => {
    const messages = await sara.window.messages(bob.fingerprint);
    const file = path.join(town.folder, 'with bob.json');
    const exported = { peer: bob.fingerprint, format: 'json' } as const;
    const answer = await sara.request('exportConversation', { ...exported, path: file });
    assert.equal(answer.messages, messages.length);
    const written: { id: string }[] = JSON.parse(await readFile(file, 'utf8'));
    assert.deepEqual(
      written.map(({ id }) => id),
      messages.map(({ id }) => id),
    );
    assert.equal((await stat(file)).mode & 0o077, 0);
    const nowhere = path.join(town.folder, 'no', 'where.md');
    assert.equal(
      await sara.failure('exportConversation', { ...exported, path: nowhere }),
      'exportUnwritable',
    );
  });

  it('is written on Windows, too, where virus scanners look at what was written a moment ago', async () => {
    using _ = onPlatform('win32');
    using __ = heldFor(2, /scanned\.md\.[0-9a-f]+\.tmp$/);
    const file = path.join(town.folder, 'scanned.md');
    await sara.request('exportConversation', { peer: bob.fingerprint, format: 'markdown', path: file });
    assert.ok((await stat(file)).size > 0);
  });
});
