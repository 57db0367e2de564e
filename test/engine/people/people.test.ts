// What the engine knows of people, put together into what windows show.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { type Fingerprint, parseFingerprint } from '../../../src/contract/fingerprint.ts';
import type { ListedPeer } from '../../../src/engine/reach/registryClient.ts';
import { ALI, BABAK, STORED_AT, theirs } from '../store/support.ts';
import { CARLA, listed, ME, PeopleTrial } from './peopleTrial.ts';

function crowdOf(count: number): ListedPeer[] {
  return Array.from({ length: count }, (_, i) => {
    const fingerprint = parseFingerprint(createHash('sha256').update(`${i}`).digest('hex'));
    assert.ok(fingerprint);
    return listed(fingerprint, `person ${i}`);
  });
}

describe('people', () => {
  let trial: PeopleTrial;

  beforeEach(() => {
    trial = new PeopleTrial();
  });
  afterEach(() => trial.remove());

  it('shows those who are listed, and says nothing when nothing changed', () => {
    trial.people.setDirectory([listed(ALI, 'Ali'), listed(BABAK, 'Babak', { online: false })]);
    assert.deepEqual(
      [trial.shown(ALI)?.presence, trial.shown(BABAK)?.presence, trial.shown(BABAK)?.lastSeenAt],
      ['here', 'away', 1_000],
    );
    trial.events.length = 0;
    trial.people.setDirectory([
      listed(ALI, 'Ali', { lastSeenAt: 9_000 }),
      listed(BABAK, 'Babak', { online: false }),
    ]);
    assert.deepEqual(trial.events, [], 'a heartbeat of somebody who is here is no news');
  });

  it('looks at a large directory a slice at a time, one event each', () => {
    const crowd = crowdOf(5_000);
    trial.people.setDirectory(crowd);
    assert.equal(trial.events.length, 1);
    assert.equal(trial.runTurns(), 24);
    assert.deepEqual([trial.events.length, Object.keys(trial.published.state.peers).length], [25, 5_000]);
  });

  it('ends right when a directory comes while the one before is looked at', () => {
    const crowd = crowdOf(1_000);
    trial.people.setDirectory(crowd);
    trial.people.setDirectory(crowd.slice(0, 300));
    trial.people.setDirectory(undefined);
    trial.people.setDirectory([...crowd.slice(500), listed(ALI, 'Ali')]);
    trial.runTurns();
    const names = Object.keys(trial.published.state.peers);
    assert.deepEqual(
      new Set(names),
      new Set([ALI, ...crowd.slice(500).map(({ fingerprint }) => fingerprint)]),
    );
  });

  it('shows a single person at once, whatever is being looked at', () => {
    trial.people.setDirectory(crowdOf(1_000));
    trial.befriend(ALI, 'Ali');
    assert.equal(trial.shown(ALI)?.standing, 'accepted');
  });

  it('keeps contacts and forgets the listed when no registry answers', () => {
    trial.befriend(ALI, 'Ali');
    trial.people.setDirectory([listed(ALI, 'Ali'), listed(BABAK, 'Babak')]);
    trial.people.setDirectory(undefined);
    assert.deepEqual([trial.shown(ALI)?.presence, trial.shown(BABAK)], ['unknown', undefined]);
  });

  it('wants a link with whom my person accepts, and with nobody who is blocked or former', () => {
    const wants = (fingerprint: Fingerprint) => trial.people.contact(fingerprint)?.connectWanted;
    trial.people.accept(ALI);
    assert.equal(wants(ALI), true);
    trial.people.learn(ALI, { name: 'Ali' });
    trial.people.setDirectory([listed(BABAK, 'Ali')]);
    trial.people.startAnew(ALI, BABAK, undefined);
    assert.deepEqual([wants(ALI), wants(BABAK)], [false, true]);
    trial.people.block(BABAK);
    trial.people.learn(CARLA, { name: 'Carla' });
    assert.deepEqual([wants(BABAK), wants(CARLA)], [false, false]);
  });

  it('shows what is pushed of one person, and when they were last written with', () => {
    trial.people.setDirectory([listed(ALI, 'Ali'), listed(BABAK, 'Babak')]);
    trial.people.setDirectory([listed(ALI, 'Ali', { online: false }), listed(BABAK, 'Babak')], [ALI]);
    assert.deepEqual([trial.shown(ALI)?.presence, trial.shown(BABAK)?.presence], ['away', 'here']);
    trial.befriend(ALI, 'Ali');
    assert.equal(trial.shown(ALI)?.lastMessageAt, undefined);
    trial.store.entries.acceptTheirs(ALI, theirs(1));
    trial.people.refresh(ALI);
    assert.equal(trial.shown(ALI)?.lastMessageAt, STORED_AT);
  });

  it('is not talked into letting in somebody who is blocked', () => {
    trial.befriend(ALI, 'Ali');
    trial.people.block(ALI);
    assert.throws(() => trial.people.accept(ALI), { name: 'FailureError', message: /Ali is blocked/ });
    trial.people.unblock(ALI);
    trial.people.accept(ALI);
    assert.equal(trial.shown(ALI)?.standing, 'accepted');
  });

  it('leaves those alone who are not blocked when they are unblocked', () => {
    trial.befriend(ALI, 'Ali');
    trial.people.unblock(ALI);
    assert.equal(trial.shown(ALI)?.standing, 'accepted');
    trial.people.unblock(BABAK);
    assert.equal(trial.shown(BABAK), undefined);
  });

  it('keeps what my person has decided about somebody over a restart', () => {
    trial.befriend(ALI, 'Ali');
    trial.people.learn(ALI, { verifiedAt: 9, autoAccept: false });
    trial.open();
    assert.deepEqual([trial.shown(ALI)?.verifiedAt, trial.shown(ALI)?.autoAccept], [9, false]);
    trial.people.learn(ALI, { verifiedAt: undefined, autoAccept: undefined });
    trial.open();
    assert.deepEqual(
      Object.keys(trial.shown(ALI) ?? {}).filter((key) => /verified|auto/.test(key)),
      [],
    );
  });

  it('shows a stranger who asks and forgets them, without a trace in the store', () => {
    trial.people.meet(ALI, 'Ali');
    trial.people.setLink(ALI, 'asking');
    assert.deepEqual([trial.shown(ALI)?.name, trial.shown(ALI)?.link], ['Ali', 'asking']);
    assert.deepEqual(trial.store.contacts.all(), []);
    trial.people.forget(ALI);
    assert.equal(trial.shown(ALI), undefined);
  });

  it('shows that somebody is here, writes, and where, as long as they are connected', () => {
    trial.befriend(ALI, 'Ali');
    trial.people.learn(ALI, { hosts: ['10.0.0.1'] });
    assert.equal(trial.shown(ALI)?.address, undefined, 'a host alone is no address');
    trial.people.learn(ALI, { tcpPort: 5 });
    trial.people.setDirectory([listed(ALI, 'Zahra', { online: false })]);
    const now = () => [
      trial.shown(ALI)?.presence,
      trial.shown(ALI)?.isTyping,
      trial.shown(ALI)?.address,
      trial.shown(ALI)?.name,
    ];
    trial.people.setTyping(ALI, true);
    assert.deepEqual(now(), ['away', undefined, '10.0.0.1:5', 'Ali']);
    trial.people.setLink(ALI, 'connected');
    trial.people.setTyping(ALI, true);
    assert.deepEqual(now(), ['here', true, '10.0.0.1:5', 'Ali']);
    trial.people.setTyping(ALI, false);
    assert.deepEqual(now(), ['here', undefined, '10.0.0.1:5', 'Ali']);
  });

  it('dials where the directory says that somebody is, and without one where they were', () => {
    trial.befriend(ALI, 'Ali');
    trial.befriend(BABAK, 'Babak');
    trial.people.learn(ALI, { hosts: ['10.0.0.1'], tcpPort: 5 });
    const worth = () => [ALI, BABAK].map((peer) => trial.people.whereToDial(peer) !== undefined);
    assert.deepEqual(worth(), [true, false]);
    trial.people.setDirectory([listed(BABAK, 'Babak')]);
    assert.deepEqual(worth(), [false, true]);
    trial.people.setDirectory(undefined);
    trial.published.publish({ kind: 'meChanged', me: { fingerprint: ME, addresses: [] } });
    assert.deepEqual(worth(), [false, false], 'nobody is dialled while I am signed out');
  });

  it('counts what was written to a link only while it is up', () => {
    trial.befriend(ALI, 'Ali');
    for (const id of ['1', '2'])
      trial.store.entries.appendMine(ALI, { id, at: 1, body: { kind: 'text', text: id } });
    trial.people.setLink(ALI, 'connected', 'lan');
    trial.people.setSent(ALI, 2);
    assert.deepEqual([trial.shown(ALI)?.receipts.sent, trial.shown(ALI)?.path], [2, 'lan']);
    trial.people.setLink(ALI, 'none');
    assert.deepEqual([trial.shown(ALI)?.receipts.sent, trial.shown(ALI)?.path], [0, undefined]);
  });

  it('is there again at the next start', () => {
    trial.befriend(ALI, 'Ali');
    trial.open();
    assert.deepEqual([trial.shown(ALI)?.name, trial.shown(ALI)?.standing], ['Ali', 'accepted']);
  });

  it('looks at nobody any more once it is let go of', () => {
    trial.people.setDirectory(crowdOf(1_000));
    trial.people.dispose();
    assert.equal(trial.runTurns(), 0);
  });
});
