// What the engine knows of people, put together into what windows show.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { type Fingerprint, parseFingerprint, shortFingerprint } from '../../../src/contract/fingerprint.ts';
import type { Event } from '../../../src/contract/state.ts';
import { People } from '../../../src/engine/people/people.ts';
import type { ListedPeer } from '../../../src/engine/reach/registryClient.ts';
import type { Store } from '../../../src/engine/store/store.ts';
import type { Published } from '../../../src/engine/windows/published.ts';
import { newPublished } from '../../support/newPublished.ts';
import { ALI, BABAK, fingerprintOf, STORED_AT, StoreFile, theirs } from '../store/support.ts';

const CARLA = fingerprintOf('c');
const ME = fingerprintOf('e');

const listed = (fingerprint: Fingerprint, name: string, more: Partial<ListedPeer> = {}): ListedPeer => ({
  ...{ fingerprint, name, online: true, lastSeenAt: 1_000 },
  ...more,
});

function crowdOf(count: number): ListedPeer[] {
  return Array.from({ length: count }, (_, i) => {
    const fingerprint = parseFingerprint(createHash('sha256').update(`${i}`).digest('hex'));
    assert.ok(fingerprint);
    return listed(fingerprint, `person ${i}`);
  });
}

describe('people', () => {
  let file: StoreFile;
  let store: Store;
  let published: Published;
  let people: People;
  let events: Event[];
  let turns: (() => void)[];
  let signed: Map<Fingerprint, string>;

  beforeEach(() => {
    file = new StoreFile();
    signed = new Map();
    store = file.open();
    open();
  });
  afterEach(() => file.remove());

  /** As at the start of an engine. */
  function open(): void {
    published = newPublished(ME);
    events = [];
    published.onDidPublish(({ event }) => events.push(event));
    turns = [];
    const nextTurn = (work: () => void) => {
      turns.push(work);
      return { dispose: () => turns.splice(0) };
    };
    const askProof = async (fingerprint: Fingerprint, name: string) => signed.get(fingerprint) === name;
    people = new People(store, published, { now: () => 5_000 }, askProof, nextTurn);
    events.length = 0;
  }

  function runTurns(): number {
    let count = 0;
    for (let turn = turns.shift(); turn !== undefined; turn = turns.shift()) {
      turn();
      count++;
    }
    return count;
  }

  /** Until it is known what friends have signed. */
  const answered = () => new Promise<void>((resolve) => setImmediate(resolve));

  const shown = (fingerprint: Fingerprint) => published.state.peers[fingerprint];
  const befriend = (fingerprint: Fingerprint, name: string) =>
    people.learn(fingerprint, { name, standing: 'accepted', connectWanted: true });

  it('shows those who are listed, and says nothing when nothing changed', () => {
    people.setDirectory([listed(ALI, 'Ali'), listed(BABAK, 'Babak', { online: false })]);
    assert.deepEqual(
      [shown(ALI)?.presence, shown(BABAK)?.presence, shown(BABAK)?.lastSeenAt],
      ['here', 'away', 1_000],
    );
    events.length = 0;
    people.setDirectory([
      listed(ALI, 'Ali', { lastSeenAt: 9_000 }),
      listed(BABAK, 'Babak', { online: false }),
    ]);
    assert.deepEqual(events, [], 'a heartbeat of somebody who is here is no news');
  });

  it('looks at a large directory a slice at a time, one event each', () => {
    const crowd = crowdOf(5_000);
    people.setDirectory(crowd);
    assert.equal(events.length, 1);
    assert.equal(runTurns(), 24);
    assert.deepEqual([events.length, Object.keys(published.state.peers).length], [25, 5_000]);
  });

  it('ends right when a directory comes while the one before is looked at', () => {
    const crowd = crowdOf(1_000);
    people.setDirectory(crowd);
    people.setDirectory(crowd.slice(0, 300));
    people.setDirectory(undefined);
    people.setDirectory([...crowd.slice(500), listed(ALI, 'Ali')]);
    runTurns();
    const names = Object.keys(published.state.peers);
    assert.deepEqual(
      new Set(names),
      new Set([ALI, ...crowd.slice(500).map(({ fingerprint }) => fingerprint)]),
    );
  });

  it('shows a single person at once, whatever is being looked at', () => {
    people.setDirectory(crowdOf(1_000));
    befriend(ALI, 'Ali');
    assert.equal(shown(ALI)?.standing, 'accepted');
  });

  it('keeps contacts and forgets the listed when no registry answers', () => {
    befriend(ALI, 'Ali');
    people.setDirectory([listed(ALI, 'Ali'), listed(BABAK, 'Babak')]);
    people.setDirectory(undefined);
    assert.deepEqual([shown(ALI)?.presence, shown(BABAK)], ['unknown', undefined]);
  });

  it('calls a stranger by their key whose name looks like one that is here, and by the listed one where they are listed', () => {
    people.setDirectory([listed(ALI, 'Ali'), listed(CARLA, 'A1i')]);
    people.meet(BABAK, 'АLІ'); // A and I are Cyrillic
    people.meet(CARLA, 'A1i');
    assert.deepEqual([people.nameOf(BABAK), people.nameOf(CARLA)], [BABAK.slice(0, 8), 'A1i']);
    people.forget(BABAK);
    people.meet(BABAK, 'Babak');
    assert.equal(people.nameOf(BABAK), 'Babak');
  });

  it('calls nobody by a word of one language where no name is known', () => {
    assert.equal(people.nameOf(ALI), shortFingerprint(ALI));
  });

  it('marks a friend whose name the registry gives to another key, hides that key, and takes it back', () => {
    befriend(ALI, 'Ali');
    people.setDirectory([listed(BABAK, 'ALI')]);
    assert.deepEqual([shown(ALI)?.nameConflict, shown(BABAK)], [BABAK, undefined]);
    people.setDirectory(undefined);
    assert.equal(shown(ALI)?.nameConflict, BABAK, 'silence is no word of the registry');
    people.setDirectory([listed(ALI, 'Ali')]);
    assert.equal(shown(ALI)?.nameConflict, undefined);
  });

  it('says no more of a key that took a friend’s name once my person has blocked it', () => {
    befriend(ALI, 'Ali');
    people.setDirectory([listed(BABAK, 'Ali')]);
    people.block(BABAK);
    assert.deepEqual(
      [shown(ALI)?.nameConflict, shown(BABAK)?.standing, shown(BABAK)?.name, shown(BABAK)?.presence],
      [undefined, 'blocked', 'Ali', 'away'],
    );
    assert.equal(people.fingerprintOf('ali'), ALI);
    people.unblock(BABAK);
    assert.deepEqual([shown(ALI)?.nameConflict, shown(BABAK)?.standing], [BABAK, 'unknown']);
  });

  it('does not doubt a friend because of a key that my person has blocked', () => {
    befriend(ALI, 'Ali');
    people.block(BABAK);
    people.doubt(ALI, BABAK);
    assert.equal(shown(ALI)?.nameConflict, undefined);
    people.doubt(ALI, CARLA);
    assert.equal(shown(ALI)?.nameConflict, CARLA);
  });

  it('lists whoever has the name of somebody who is no friend, and marks nobody', () => {
    people.learn(BABAK, { name: 'Babak' });
    people.setDirectory([listed(CARLA, 'Babak')]);
    assert.deepEqual([shown(CARLA)?.presence, shown(BABAK)?.nameConflict], ['here', undefined]);
  });

  it('goes on showing a friend who has a friend’s name now, under the name that they had', () => {
    befriend(ALI, 'Ali');
    befriend(BABAK, 'Babak');
    people.setDirectory([listed(BABAK, 'Ali')]);
    assert.deepEqual([shown(ALI)?.nameConflict, shown(BABAK)?.name], [BABAK, 'Babak']);
    assert.equal(shown(BABAK)?.presence, 'here');
  });

  it('knows by a name whom my person has accepted, then whom they have met, then who is listed', () => {
    people.setDirectory([listed(CARLA, 'Carla'), listed(ALI, 'Ali')]);
    assert.deepEqual([people.fingerprintOf('CARLA'), people.fingerprintOf('Dara')], [CARLA, undefined]);
    people.learn(BABAK, { name: 'carla' });
    assert.equal(people.fingerprintOf('Carla'), BABAK);
    befriend(ME, 'Carla');
    assert.deepEqual([people.fingerprintOf('Carla'), people.fingerprintOf('Dara')], [ME, undefined]);
  });

  it('wants a link with whom my person accepts, and with nobody who is blocked or former', () => {
    const wants = (fingerprint: Fingerprint) => people.contact(fingerprint)?.connectWanted;
    people.accept(ALI);
    assert.equal(wants(ALI), true);
    people.learn(ALI, { name: 'Ali' });
    people.setDirectory([listed(BABAK, 'Ali')]);
    people.startAnew(ALI, BABAK, undefined);
    assert.deepEqual([wants(ALI), wants(BABAK)], [false, true]);
    people.block(BABAK);
    people.learn(CARLA, { name: 'Carla' });
    assert.deepEqual([wants(BABAK), wants(CARLA)], [false, false]);
  });

  it('shows what is pushed of one person, and when they were last written with', () => {
    people.setDirectory([listed(ALI, 'Ali'), listed(BABAK, 'Babak')]);
    people.setDirectory([listed(ALI, 'Ali', { online: false }), listed(BABAK, 'Babak')], [ALI]);
    assert.deepEqual([shown(ALI)?.presence, shown(BABAK)?.presence], ['away', 'here']);
    befriend(ALI, 'Ali');
    assert.equal(shown(ALI)?.lastMessageAt, undefined);
    store.entries.acceptTheirs(ALI, theirs(1));
    people.refresh(ALI);
    assert.equal(shown(ALI)?.lastMessageAt, STORED_AT);
  });

  it('starts anew with the key that has a friend’s name, and keeps the former one apart', () => {
    befriend(ALI, 'Ali');
    people.setDirectory([listed(BABAK, 'Ali')]);
    people.startAnew(ALI, BABAK, 77);
    const [former, now] = [shown(ALI), shown(BABAK)];
    assert.deepEqual([former?.standing, former?.name, former?.nameConflict], ['unknown', 'Ali', BABAK]);
    assert.deepEqual(
      [now?.standing, now?.name, now?.presence, now?.verifiedAt, now?.nameConflict],
      ['accepted', 'Ali', 'here', 77, undefined],
    );
    assert.equal(people.fingerprintOf('ali'), BABAK, 'the name is theirs now');
    open();
    people.setDirectory([listed(BABAK, 'Ali')]);
    assert.deepEqual([shown(ALI)?.nameConflict, shown(BABAK)?.standing], [BABAK, 'accepted']);
  });

  it('goes back to the former key as deliberately', () => {
    befriend(ALI, 'Ali');
    people.setDirectory([listed(BABAK, 'Ali')]);
    people.startAnew(ALI, BABAK, undefined);
    people.setDirectory([listed(ALI, 'Ali')]);
    people.startAnew(BABAK, ALI, undefined);
    assert.deepEqual(
      [shown(ALI)?.standing, shown(ALI)?.nameConflict, shown(BABAK)?.standing, shown(BABAK)?.nameConflict],
      ['accepted', undefined, 'unknown', ALI],
    );
  });

  it('starts anew with no other key than the one that my person was shown', () => {
    befriend(ALI, 'Ali');
    const started = () => people.startAnew(ALI, BABAK, undefined);
    assert.throws(started, { name: 'FailureError', message: /another key answers to the name Ali/ });
    people.setDirectory([listed(CARLA, 'Ali')]);
    assert.throws(started, { name: 'FailureError' });
    assert.equal(shown(ALI)?.standing, 'accepted');
  });

  it('is not talked into letting in somebody who is blocked', () => {
    befriend(ALI, 'Ali');
    people.block(ALI);
    assert.throws(() => people.accept(ALI), { name: 'FailureError', message: /Ali is blocked/ });
    people.unblock(ALI);
    people.accept(ALI);
    assert.equal(shown(ALI)?.standing, 'accepted');
  });

  it('leaves those alone who are not blocked when they are unblocked', () => {
    befriend(ALI, 'Ali');
    people.unblock(ALI);
    assert.equal(shown(ALI)?.standing, 'accepted');
    people.unblock(BABAK);
    assert.equal(shown(BABAK), undefined);
  });

  it('keeps what my person has decided about somebody over a restart', () => {
    befriend(ALI, 'Ali');
    people.learn(ALI, { verifiedAt: 9, autoAccept: false });
    open();
    assert.deepEqual([shown(ALI)?.verifiedAt, shown(ALI)?.autoAccept], [9, false]);
    people.learn(ALI, { verifiedAt: undefined, autoAccept: undefined });
    open();
    assert.deepEqual(
      Object.keys(shown(ALI) ?? {}).filter((key) => /verified|auto/.test(key)),
      [],
    );
  });

  it('keeps a friend who has taken the former name of another friend', async () => {
    befriend(ALI, 'Ali');
    befriend(BABAK, 'Babak');
    signed.set(ALI, 'Ali Reza').set(BABAK, 'Ali');
    people.setDirectory([listed(BABAK, 'Ali'), listed(ALI, 'Ali Reza')]);
    await answered();
    assert.deepEqual([shown(ALI)?.name, shown(ALI)?.nameConflict], ['Ali Reza', undefined]);
    assert.equal(shown(BABAK)?.presence, 'here');
  });

  it('calls a friend by no name that they have not signed, and lets nobody have theirs meanwhile', async () => {
    befriend(ALI, 'Ali');
    people.setDirectory([listed(ALI, 'Zahra'), listed(CARLA, 'Ali')]);
    await answered();
    assert.deepEqual([shown(ALI)?.name, shown(ALI)?.nameConflict], ['Ali', CARLA]);
    assert.deepEqual([shown(ALI)?.presence, shown(CARLA)], ['here', undefined]);
  });

  it('doubts no friend because of their former name while it is asked whether they have another one', async () => {
    befriend(ALI, 'Ali');
    signed.set(ALI, 'Ali Reza');
    people.setDirectory([listed(ALI, 'Ali Reza'), listed(CARLA, 'Ali')]);
    await answered();
    assert.deepEqual([shown(ALI)?.name, shown(CARLA)?.name], ['Ali Reza', 'Ali']);
    assert.equal(
      events.some((event) => event.kind === 'peerChanged' && event.peer.nameConflict !== undefined),
      false,
    );
  });

  it('calls a friend by the name that is used now, and looks for them under it', async () => {
    befriend(ALI, 'Ali');
    signed.set(ALI, 'Ali Reza');
    people.setDirectory([
      listed(ALI, 'Ali Reza'),
      listed(ALI, 'Zahra', { online: false, lastSeenAt: 2_000 }),
    ]);
    await answered();
    assert.deepEqual([shown(ALI)?.name, shown(ALI)?.presence], ['Ali Reza', 'here']);
    assert.equal(people.registeredNameOf(ALI), 'Ali Reza');
    assert.equal(people.fingerprintOf('ali reza'), ALI);
  });

  it('calls somebody who is listed under several names by the one that was used last', () => {
    people.setDirectory([
      listed(ALI, 'Ali', { online: false, lastSeenAt: 9_000 }),
      listed(ALI, 'Ali Reza'),
      listed(BABAK, 'Bob', { online: false, lastSeenAt: 1_000 }),
      listed(BABAK, 'Babak', { online: false, lastSeenAt: 2_000 }),
    ]);
    assert.deepEqual([shown(ALI)?.name, shown(BABAK)?.name], ['Ali Reza', 'Babak']);
  });

  it('shows a stranger who asks and forgets them, without a trace in the store', () => {
    people.meet(ALI, 'Ali');
    people.setLink(ALI, 'asking');
    assert.deepEqual([shown(ALI)?.name, shown(ALI)?.link], ['Ali', 'asking']);
    assert.deepEqual(store.contacts.all(), []);
    people.forget(ALI);
    assert.equal(shown(ALI), undefined);
  });

  it('knows a friend as before who comes by another name, and goes', () => {
    befriend(ALI, 'Ali');
    people.meet(ALI, 'somebody');
    people.forget(ALI);
    assert.deepEqual([shown(ALI)?.name, shown(ALI)?.standing, shown(ALI)?.link], ['Ali', 'accepted', 'none']);
  });

  it('shows that somebody is here, writes, and where, as long as they are connected', () => {
    befriend(ALI, 'Ali');
    people.learn(ALI, { hosts: ['10.0.0.1'] });
    assert.equal(shown(ALI)?.address, undefined, 'a host alone is no address');
    people.learn(ALI, { tcpPort: 5 });
    people.setDirectory([listed(ALI, 'Zahra', { online: false })]);
    const now = () => [shown(ALI)?.presence, shown(ALI)?.isTyping, shown(ALI)?.address, shown(ALI)?.name];
    people.setTyping(ALI, true);
    assert.deepEqual(now(), ['away', undefined, '10.0.0.1:5', 'Ali']);
    people.setLink(ALI, 'connected');
    people.setTyping(ALI, true);
    assert.deepEqual(now(), ['here', true, '10.0.0.1:5', 'Ali']);
    people.setTyping(ALI, false);
    assert.deepEqual(now(), ['here', undefined, '10.0.0.1:5', 'Ali']);
  });

  it('shows a stranger by the key when the name is somebody else’s', () => {
    befriend(BABAK, 'Babak');
    people.setDirectory([listed(CARLA, 'Carla')]);
    people.meet(ALI, 'carla');
    assert.equal(shown(ALI)?.name, ALI.slice(0, 8));
  });

  it('dials where the directory says that somebody is, and without one where they were', () => {
    befriend(ALI, 'Ali');
    befriend(BABAK, 'Babak');
    people.learn(ALI, { hosts: ['10.0.0.1'], tcpPort: 5 });
    const worth = () => [people.isWorthADial(ALI), people.isWorthADial(BABAK)];
    assert.deepEqual(worth(), [true, false]);
    people.setDirectory([listed(BABAK, 'Babak')]);
    assert.deepEqual(worth(), [false, true]);
    people.setDirectory(undefined);
    published.publish({ kind: 'meChanged', me: { fingerprint: ME, addresses: [] } });
    assert.deepEqual(worth(), [false, false], 'nobody is dialled while I am signed out');
  });

  it('counts what was written to a link only while it is up', () => {
    befriend(ALI, 'Ali');
    for (const id of ['1', '2'])
      store.entries.appendMine(ALI, { id, at: 1, body: { kind: 'text', text: id } });
    people.setLink(ALI, 'connected', 'lan');
    people.setSent(ALI, 2);
    assert.deepEqual([shown(ALI)?.receipts.sent, shown(ALI)?.path], [2, 'lan']);
    people.setLink(ALI, 'none');
    assert.deepEqual([shown(ALI)?.receipts.sent, shown(ALI)?.path], [0, undefined]);
  });

  it('is there again at the next start', () => {
    befriend(ALI, 'Ali');
    open();
    assert.deepEqual([shown(ALI)?.name, shown(ALI)?.standing], ['Ali', 'accepted']);
  });

  it('looks at nobody any more once it is let go of', () => {
    people.setDirectory(crowdOf(1_000));
    people.dispose();
    assert.equal(runTurns(), 0);
  });
});
