// What people decide about each other, between real engines: blocked, verified, another key, files unasked, left in peace.

import assert from 'node:assert/strict';
import { mkdir, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Transfer } from '../../src/contract/transfer.ts';
import { loadIdentity } from '../../src/engine/identity/identity.ts';
import { type Person, Town } from '../support/engines.ts';
import { LyingFront } from '../support/lyingFront.ts';
import { ended, helloFrame, secureConnection } from '../support/stranger.ts';
import type { TestWindow } from '../support/testWindow.ts';

const MIB = 1024 * 1024;
/** Far more than loopback carries in a moment; the file has next to no blocks on the disk. */
const HUGE_BYTES = 4e9;

describe('trust', function () {
  this.timeout(60_000);
  let town: Town;
  let sara: Person;
  let bob: Person;
  let atBob: { peer: Person['fingerprint'] };

  beforeEach(async () => {
    town = await Town.open();
    [sara, bob] = await town.friends('sara', 'bob');
    atBob = { peer: bob.fingerprint };
  });
  afterEach(() => town.close());

  async function offered(from: Person, to: Person, name: string, sizeBytes = 1_000): Promise<string> {
    const place = path.join(town.folder, name);
    await writeFile(place, 'something');
    await truncate(place, sizeBytes);
    const { id } = await from.request('offerFile', { peer: to.fingerprint, path: place, asPicture: false });
    return id;
  }

  describe('a safety code', () => {
    it('is the same for both, and another one with anybody else', async () => {
      const eve = await town.person('eve');
      await eve.befriend(sara);
      const codeOf = async (one: Person, other: Person) =>
        (await one.request('safetyCode', { peer: other.fingerprint })).code;
      const code = await codeOf(sara, bob);
      assert.match(code, /^[0-9]{60}$/);
      assert.equal(await codeOf(bob, sara), code);
      assert.notEqual(await codeOf(sara, eve), code);
      assert.notEqual(await codeOf(eve, sara), await codeOf(eve, bob));
    });

    it('that was compared is known over a restart, until it is taken back', async () => {
      await sara.request('verifyPeer', { ...atBob, verified: true });
      const { verifiedAt } = await sara.peer(bob, (peer) => peer.verifiedAt !== undefined);
      await sara.stop();
      await sara.start();
      await sara.peer(bob, (peer) => peer.verifiedAt === verifiedAt);
      await sara.request('verifyPeer', { ...atBob, verified: false });
      await sara.peer(bob, (peer) => peer.verifiedAt === undefined);
      assert.equal(bob.state.peers[sara.fingerprint]?.verifiedAt, undefined, 'nobody else is told');
    });
  });

  describe('somebody who is blocked', () => {
    it('is not linked, hears only that they were declined, and finds no way back in', async () => {
      await sara.request('blockPeer', atBob);
      await sara.peer(bob, ({ standing, link }) => standing === 'blocked' && link === 'none');
      await bob.peer(sara, ({ link }) => link === 'none');
      assert.equal(await bob.failure('connect', { peer: sara.fingerprint }), 'connectionRejected');
      await bob.say(sara, 'are you there?');
      assert.equal(await bob.failure('connect', { peer: sara.fingerprint }), 'connectionRejected');
      const { link, unread } = await sara.peer(bob, () => true);
      assert.deepEqual([link, unread], ['none', 0]);
      assert.deepEqual(
        await Promise.all([
          sara.failure('connect', atBob),
          sara.failure('answerConnection', { ...atBob, accept: true }),
          sara.failure('sendText', { ...atBob, text: 'hi' }),
        ]),
        ['peerBlocked', 'peerBlocked', 'peerBlocked'],
      );
    });

    it('is blocked after a restart, too', async () => {
      await sara.request('blockPeer', atBob);
      await sara.stop();
      await sara.start();
      await sara.peer(bob, ({ standing }) => standing === 'blocked');
      assert.equal(await bob.failure('connect', { peer: sara.fingerprint }), 'connectionRejected');
    });

    it('gets what waits once they are unblocked and asked anew, and both know what became of files', async () => {
      const open = await offered(bob, sara, 'open.bin');
      const mine = await offered(sara, bob, 'mine.bin');
      await bob.window.transfer(mine, 'offered');
      const running = await offered(bob, sara, 'large.bin', HUGE_BYTES);
      await sara.window.transfer(running, 'offered');
      await sara.request('answerTransfer', { id: running, accept: true });
      await sara.window.transfer(running, 'running');
      await sara.request('blockPeer', atBob);
      for (const id of [running, open, mine]) await sara.window.transfer(id, 'cancelled');
      await sara.emptied();
      await bob.peer(sara, ({ link }) => link === 'none');
      await bob.say(sara, 'while blocked');

      await sara.request('unblockPeer', atBob);
      await sara.peer(bob, ({ standing }) => standing === 'unknown');
      await sara.request('connect', atBob);
      for (const id of [running, open, mine]) await bob.window.transfer(id, 'cancelled');
      await sara.peer(bob, ({ unread }) => unread === 3);
      const messages = await sara.window.messages(bob.fingerprint);
      assert.deepEqual(messages.at(-1)?.body, { kind: 'text', text: 'while blocked' });
    });

    it('finds what was written before, once they are unblocked and asked anew', async () => {
      await bob.stop();
      await sara.window.peer(atBob.peer, ({ link }) => link === 'none');
      await sara.request('sendText', { ...atBob, text: 'this waits' });
      await sara.request('blockPeer', atBob);
      await sara.window.peer(
        atBob.peer,
        ({ standing, undelivered }) => standing === 'blocked' && undelivered === 1,
      );
      await bob.start();
      await sara.request('unblockPeer', atBob);
      await sara.request('refreshPeers', null);
      await sara.peer(bob, ({ presence }) => presence === 'here');
      assert.equal((await bob.window.messages(sara.fingerprint)).length, 0);
      await sara.request('connect', atBob);
      await sara.peer(bob, ({ undelivered }) => undelivered === 0);
      const [message] = await bob.window.messages(sara.fingerprint);
      assert.deepEqual(message?.body, { kind: 'text', text: 'this waits' });
    });

    it('does not learn what was read meanwhile', async () => {
      await bob.say(sara, 'one');
      await sara.peer(bob, ({ unread }) => unread === 1);
      await sara.request('blockPeer', atBob);
      const number = (await sara.window.messages(bob.fingerprint))[0]?.number ?? 0;
      await sara.request('markRead', { ...atBob, upTo: number });
      await sara.request('unblockPeer', atBob);
      await sara.request('connect', atBob);
      assert.equal((await bob.peer(sara, ({ link }) => link === 'connected')).receipts.read, 0);
      await sara.request('markRead', { ...atBob, upTo: number });
      await bob.peer(sara, ({ receipts }) => receipts.read === number);
    });

    it('takes their question with them', async () => {
      const eve = await town.person('eve');
      await eve.request('refreshPeers', null);
      const asked = eve.failure('connect', { peer: sara.fingerprint });
      await sara.peer(eve, ({ link }) => link === 'asking');
      await sara.request('blockPeer', { peer: eve.fingerprint });
      assert.equal(await asked, 'connectionRejected');
      await sara.peer(eve, ({ link, standing }) => link === 'none' && standing === 'blocked');
    });
  });

  describe('a friend’s name', () => {
    it('is another one once they have taken it', async () => {
      await bob.signUp('robert');
      await sara.request('refreshPeers', null);
      const { nameConflict } = await sara.peer(bob, ({ name }) => name === 'robert');
      assert.equal(nameConflict, undefined);
    });

    it('is not for the registry to change, nor to give to somebody else meanwhile', async () => {
      const front = await LyingFront.open(town.registryUrl);
      const { fingerprint: mallory } = await town.person('mallory');
      await sara.request('signUp', { name: 'sara', registryUrl: front.url });
      front.lies.set(bob.fingerprint, 'robert').set(mallory, 'bob');
      await sara.request('refreshPeers', null);
      const { name } = await sara.peer(bob, ({ nameConflict }) => nameConflict === mallory);
      assert.equal(name, 'bob');
      assert.equal(sara.state.peers[mallory], undefined);
      await bob.say(sara, 'it is me');
      assert.equal((await sara.peer(bob, ({ unread }) => unread === 1)).link, 'connected');
      front.close();
    });
  });

  describe('a name with another key', () => {
    let impostor: Person;

    beforeEach(async () => {
      await sara.say(bob, 'before');
      await sara.peer(bob, ({ undelivered }) => undelivered === 0);
      await bob.stop();
      await town.closeRegistry();
      town.forgetNames();
      await town.openRegistry();
      impostor = await town.person('new bob');
      await impostor.signUp('bob');
      await sara.signUp();
      await sara.request('refreshPeers', null);
      await sara.window.peer(atBob.peer, ({ nameConflict }) => nameConflict === impostor.fingerprint);
    });

    it('is started anew with on purpose alone; the former conversation stays readable', async () => {
      const wrong = { ...atBob, key: sara.fingerprint, verified: false };
      assert.equal(await sara.failure('startAnew', wrong), 'keyChanged');
      await sara.request('startAnew', { ...atBob, key: impostor.fingerprint, verified: true });
      await impostor.peer(sara, ({ link }) => link === 'asking');
      await impostor.request('answerConnection', { peer: sara.fingerprint, accept: true });
      const now = await sara.peer(impostor, ({ link }) => link === 'connected');
      assert.deepEqual([now.name, now.standing, typeof now.verifiedAt], ['bob', 'accepted', 'number']);
      const former = await sara.window.peer(atBob.peer, ({ standing }) => standing === 'unknown');
      assert.deepEqual([former.name, former.nameConflict], ['bob', impostor.fingerprint]);
      assert.equal((await sara.window.messages(atBob.peer)).length, 1);
      assert.equal(await sara.failure('sendText', { ...atBob, text: 'x' }), 'notAccepted');
      await bob.start();
      assert.equal(await bob.failure('connect', { peer: sara.fingerprint }), 'connectionRejected');
    });

    it('that is blocked leaves the friend as they were: they come in with their own key', async () => {
      await sara.request('blockPeer', { peer: impostor.fingerprint });
      await sara.window.peer(atBob.peer, ({ nameConflict }) => nameConflict === undefined);
      await sara.request('sendText', { ...atBob, text: 'is it you?' });
      assert.equal(await sara.failure('connect', atBob), 'keyChanged', 'where they are is not known');
      assert.equal(sara.state.peers[atBob.peer]?.nameConflict, undefined, 'but there is nothing to decide');
      await impostor.request('lookUp', { name: 'sara' });
      assert.equal(await impostor.failure('connect', { peer: sara.fingerprint }), 'connectionRejected');
      await bob.start();
      await bob.signUp('bob at home');
      await bob.request('connect', { peer: sara.fingerprint });
      await sara.window.peer(
        atBob.peer,
        ({ undelivered, link }) => link === 'connected' && undelivered === 0,
      );
    });
  });

  describe('a stranger who asks and takes it back, over and over', () => {
    it('is put off after a few times, and nobody else is', async () => {
      const folder = path.join(town.folder, 'mallory');
      await mkdir(folder);
      const me = await loadIdentity(folder);
      for (let time = 0; time < 3; time++) {
        const socket = await secureConnection(sara.port, me);
        socket.write(helloFrame());
        await sara.window.until(() => sara.window.peerCalled('stranger')?.link === 'asking');
        socket.destroy();
        await sara.window.until(() => sara.window.peerCalled('stranger') === undefined);
      }
      const again = await secureConnection(sara.port, me);
      again.write(helloFrame());
      await ended(again);
      const eve = await town.person('eve');
      await eve.befriend(sara);
      const asked = sara.window.events.filter(
        (event) =>
          event.kind === 'peerChanged' && event.peer.name === 'stranger' && event.peer.link === 'asking',
      );
      assert.equal(asked.length, 3);
    });
  });

  describe('files', () => {
    it('of one person are taken unasked, a few at a time, and of another they are asked about', async () => {
      const eve = await town.person('eve');
      await eve.befriend(sara);
      await sara.request('setAutoAccept', { ...atBob, autoAccept: true });
      const asked = await offered(eve, sara, 'eve.bin');
      const ids = await Promise.all(
        ['1', '2', '3', '4', '5', '6'].map((name) => offered(bob, sara, `${name}.bin`, MIB)),
      );
      for (const id of ids) await sara.window.transfer(id, 'done');
      await sara.window.transfer(asked, 'offered');
      const most = mostAtOnce(sara, new Set(ids));
      assert.ok(most <= 4, `${most} at once`);
      await sara.request('setAutoAccept', { ...atBob, autoAccept: false });
      await sara.window.transfer(await offered(bob, sara, 'later.bin'), 'offered');
      await sara.request('setAutoAccept', { ...atBob, autoAccept: null });
      await sara.peer(bob, ({ autoAccept }) => autoAccept === undefined);
    });
  });

  describe('who does not want to be disturbed', () => {
    it('is known to both windows of one person, over a restart, and it ends for both', async () => {
      const second = await sara.openWindow();
      const until = Date.now() + 3_600_000;
      await sara.request('doNotDisturb', { until });
      await second.until(({ me }) => me.doNotDisturbUntil === until);
      second.close();
      await sara.stop();
      await sara.start();
      assert.equal(sara.state.me.doNotDisturbUntil, until);
      const third = await sara.openWindow();
      await third.request('doNotDisturb', { until: Date.now() + 300 });
      for (const window of [third, sara.window])
        await window.until(({ me }) => me.doNotDisturbUntil === undefined && me.name === 'sara');
      third.close();
    });
  });

  describe('two windows of one person', () => {
    it('tell of one thing once, and of a question again after it was answered', async () => {
      const other = await sara.openWindow();
      const claim = (window: TestWindow, isFocused = false) =>
        window.request('claimNotice', { about: 'connection', id: bob.fingerprint, isFocused });
      assert.deepEqual([await claim(sara.window), await claim(other, true)], [true, false]);
      await sara.request('answerConnection', { ...atBob, accept: false });
      assert.equal(await claim(other), true);
      other.close();
    });
  });
});

/** How many of these were on their way to `person` at the same time, by what its window was told. */
function mostAtOnce(person: Person, ids: ReadonlySet<string>): number {
  const states = new Map<string, Transfer['state']['kind']>();
  let most = 0;
  for (const event of person.window.events) {
    if (event.kind !== 'transferChanged' || !ids.has(event.transfer.id)) continue;
    states.set(event.transfer.id, event.transfer.state.kind);
    const running = [...states.values()].filter((kind) => kind !== 'offered' && kind !== 'done').length;
    most = Math.max(most, running);
  }
  return most;
}
