// What people are called, and whose name it is where two keys have it.

import assert from 'node:assert/strict';
import { shortFingerprint } from '../../../src/contract/fingerprint.ts';
import { ALI, BABAK } from '../store/support.ts';
import { answered, CARLA, listed, ME, PeopleTrial } from './peopleTrial.ts';

describe('the names of people', () => {
  let trial: PeopleTrial;

  beforeEach(() => {
    trial = new PeopleTrial();
  });
  afterEach(() => trial.remove());

  it('calls a stranger by their key whose name looks like one that is here, and by the listed one where they are listed', () => {
    trial.people.setDirectory([listed(ALI, 'Ali'), listed(CARLA, 'A1i')]);
    trial.people.meet(BABAK, 'АLІ'); // A and I are Cyrillic
    trial.people.meet(CARLA, 'A1i');
    assert.deepEqual([trial.people.nameOf(BABAK), trial.people.nameOf(CARLA)], [BABAK.slice(0, 8), 'A1i']);
    trial.people.forget(BABAK);
    trial.people.meet(BABAK, 'Babak');
    assert.equal(trial.people.nameOf(BABAK), 'Babak');
  });

  it('calls nobody by a word of one language where no name is known', () => {
    assert.equal(trial.people.nameOf(ALI), shortFingerprint(ALI));
  });

  it('marks a friend whose name the registry gives to another key, hides that key, and takes it back', () => {
    trial.befriend(ALI, 'Ali');
    trial.people.setDirectory([listed(BABAK, 'ALI')]);
    assert.deepEqual([trial.shown(ALI)?.nameConflict, trial.shown(BABAK)], [BABAK, undefined]);
    trial.people.setDirectory(undefined);
    assert.equal(trial.shown(ALI)?.nameConflict, BABAK, 'silence is no word of the registry');
    trial.people.setDirectory([listed(ALI, 'Ali')]);
    assert.equal(trial.shown(ALI)?.nameConflict, undefined);
  });

  it('says no more of a key that took a friend’s name once my person has blocked it', () => {
    trial.befriend(ALI, 'Ali');
    trial.people.setDirectory([listed(BABAK, 'Ali')]);
    trial.people.block(BABAK);
    assert.deepEqual(
      [
        trial.shown(ALI)?.nameConflict,
        trial.shown(BABAK)?.standing,
        trial.shown(BABAK)?.name,
        trial.shown(BABAK)?.presence,
      ],
      [undefined, 'blocked', 'Ali', 'away'],
    );
    assert.equal(trial.people.fingerprintOf('ali'), ALI);
    trial.people.unblock(BABAK);
    assert.deepEqual([trial.shown(ALI)?.nameConflict, trial.shown(BABAK)?.standing], [BABAK, 'unknown']);
  });

  it('does not doubt a friend because of a key that my person has blocked', () => {
    trial.befriend(ALI, 'Ali');
    trial.people.block(BABAK);
    trial.people.doubt(ALI, BABAK);
    assert.equal(trial.shown(ALI)?.nameConflict, undefined);
    trial.people.doubt(ALI, CARLA);
    assert.equal(trial.shown(ALI)?.nameConflict, CARLA);
  });

  it('lists whoever has the name of somebody who is no friend, and marks nobody', () => {
    trial.people.learn(BABAK, { name: 'Babak' });
    trial.people.setDirectory([listed(CARLA, 'Babak')]);
    assert.deepEqual([trial.shown(CARLA)?.presence, trial.shown(BABAK)?.nameConflict], ['here', undefined]);
  });

  it('goes on showing a friend who has a friend’s name now, under the name that they had', () => {
    trial.befriend(ALI, 'Ali');
    trial.befriend(BABAK, 'Babak');
    trial.people.setDirectory([listed(BABAK, 'Ali')]);
    assert.deepEqual([trial.shown(ALI)?.nameConflict, trial.shown(BABAK)?.name], [BABAK, 'Babak']);
    assert.equal(trial.shown(BABAK)?.presence, 'here');
  });

  it('knows by a name whom my person has accepted, then whom they have met, then who is listed', () => {
    trial.people.setDirectory([listed(CARLA, 'Carla'), listed(ALI, 'Ali')]);
    assert.deepEqual(
      [trial.people.fingerprintOf('CARLA'), trial.people.fingerprintOf('Dara')],
      [CARLA, undefined],
    );
    trial.people.learn(BABAK, { name: 'carla' });
    assert.equal(trial.people.fingerprintOf('Carla'), BABAK);
    trial.befriend(ME, 'Carla');
    assert.deepEqual(
      [trial.people.fingerprintOf('Carla'), trial.people.fingerprintOf('Dara')],
      [ME, undefined],
    );
  });

  it('starts anew with the key that has a friend’s name, and keeps the former one apart', () => {
    trial.befriend(ALI, 'Ali');
    trial.people.setDirectory([listed(BABAK, 'Ali')]);
    trial.people.startAnew(ALI, BABAK, 77);
    const [former, now] = [trial.shown(ALI), trial.shown(BABAK)];
    assert.deepEqual([former?.standing, former?.name, former?.nameConflict], ['unknown', 'Ali', BABAK]);
    assert.deepEqual(
      [now?.standing, now?.name, now?.presence, now?.verifiedAt, now?.nameConflict],
      ['accepted', 'Ali', 'here', 77, undefined],
    );
    assert.equal(trial.people.fingerprintOf('ali'), BABAK, 'the name is theirs now');
    trial.open();
    trial.people.setDirectory([listed(BABAK, 'Ali')]);
    assert.deepEqual([trial.shown(ALI)?.nameConflict, trial.shown(BABAK)?.standing], [BABAK, 'accepted']);
  });

  it('goes back to the former key as deliberately', () => {
    trial.befriend(ALI, 'Ali');
    trial.people.setDirectory([listed(BABAK, 'Ali')]);
    trial.people.startAnew(ALI, BABAK, undefined);
    trial.people.setDirectory([listed(ALI, 'Ali')]);
    trial.people.startAnew(BABAK, ALI, undefined);
    assert.deepEqual(
      [
        trial.shown(ALI)?.standing,
        trial.shown(ALI)?.nameConflict,
        trial.shown(BABAK)?.standing,
        trial.shown(BABAK)?.nameConflict,
      ],
      ['accepted', undefined, 'unknown', ALI],
    );
  });

  it('starts anew with no other key than the one that my person was shown', () => {
    trial.befriend(ALI, 'Ali');
    const started = () => trial.people.startAnew(ALI, BABAK, undefined);
    assert.throws(started, { name: 'FailureError', message: /another key answers to the name Ali/ });
    trial.people.setDirectory([listed(CARLA, 'Ali')]);
    assert.throws(started, { name: 'FailureError' });
    assert.equal(trial.shown(ALI)?.standing, 'accepted');
  });

  it('keeps a friend who has taken the former name of another friend', async () => {
    trial.befriend(ALI, 'Ali');
    trial.befriend(BABAK, 'Babak');
    trial.signed.set(ALI, 'Ali Reza').set(BABAK, 'Ali');
    trial.people.setDirectory([listed(BABAK, 'Ali'), listed(ALI, 'Ali Reza')]);
    await answered();
    assert.deepEqual([trial.shown(ALI)?.name, trial.shown(ALI)?.nameConflict], ['Ali Reza', undefined]);
    assert.equal(trial.shown(BABAK)?.presence, 'here');
  });

  it('calls a friend by no name that they have not signed, and lets nobody have theirs meanwhile', async () => {
    trial.befriend(ALI, 'Ali');
    trial.people.setDirectory([listed(ALI, 'Zahra'), listed(CARLA, 'Ali')]);
    await answered();
    assert.deepEqual([trial.shown(ALI)?.name, trial.shown(ALI)?.nameConflict], ['Ali', CARLA]);
    assert.deepEqual([trial.shown(ALI)?.presence, trial.shown(CARLA)], ['here', undefined]);
  });

  it('doubts no friend because of their former name while it is asked whether they have another one', async () => {
    trial.befriend(ALI, 'Ali');
    trial.signed.set(ALI, 'Ali Reza');
    trial.people.setDirectory([listed(ALI, 'Ali Reza'), listed(CARLA, 'Ali')]);
    await answered();
    assert.deepEqual([trial.shown(ALI)?.name, trial.shown(CARLA)?.name], ['Ali Reza', 'Ali']);
    assert.equal(
      trial.events.some((event) => event.kind === 'peerChanged' && event.peer.nameConflict !== undefined),
      false,
    );
  });

  it('calls a friend by the name that is used now, and looks for them under it', async () => {
    trial.befriend(ALI, 'Ali');
    trial.signed.set(ALI, 'Ali Reza');
    trial.people.setDirectory([
      listed(ALI, 'Ali Reza'),
      listed(ALI, 'Zahra', { online: false, lastSeenAt: 2_000 }),
    ]);
    await answered();
    assert.deepEqual([trial.shown(ALI)?.name, trial.shown(ALI)?.presence], ['Ali Reza', 'here']);
    assert.equal(trial.people.registeredNameOf(ALI), 'Ali Reza');
    assert.equal(trial.people.fingerprintOf('ali reza'), ALI);
  });

  it('calls somebody who is listed under several names by the one that was used last', () => {
    trial.people.setDirectory([
      listed(ALI, 'Ali', { online: false, lastSeenAt: 9_000 }),
      listed(ALI, 'Ali Reza'),
      listed(BABAK, 'Bob', { online: false, lastSeenAt: 1_000 }),
      listed(BABAK, 'Babak', { online: false, lastSeenAt: 2_000 }),
    ]);
    assert.deepEqual([trial.shown(ALI)?.name, trial.shown(BABAK)?.name], ['Ali Reza', 'Babak']);
  });

  it('knows a friend as before who comes by another name, and goes', () => {
    trial.befriend(ALI, 'Ali');
    trial.people.meet(ALI, 'somebody');
    trial.people.forget(ALI);
    assert.deepEqual(
      [trial.shown(ALI)?.name, trial.shown(ALI)?.standing, trial.shown(ALI)?.link],
      ['Ali', 'accepted', 'none'],
    );
  });

  it('shows a stranger by the key when the name is somebody else’s', () => {
    trial.befriend(BABAK, 'Babak');
    trial.people.setDirectory([listed(CARLA, 'Carla')]);
    trial.people.meet(ALI, 'carla');
    assert.equal(trial.shown(ALI)?.name, ALI.slice(0, 8));
  });
});
