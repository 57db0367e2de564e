// What my person decides about somebody, and whom the engine tells of it.

import assert from 'node:assert/strict';
import type { Dialler } from '../../src/engine/connections/dialler.ts';
import type { Transfers } from '../../src/engine/files/transfers.ts';
import { People } from '../../src/engine/people/people.ts';
import type { Store } from '../../src/engine/store/store.ts';
import { Trust } from '../../src/engine/trust.ts';
import { NoticeClaims } from '../../src/engine/windows/noticeClaims.ts';
import { newPublished } from '../support/newPublished.ts';
import { ALI, BABAK, fingerprintOf, id, StoreFile } from './store/support.ts';

const ME = fingerprintOf('e');

describe('what my person decides about somebody', () => {
  let file: StoreFile;
  let store: Store;
  let people: People;
  let claims: NoticeClaims;
  let trust: Trust;
  let told: string[];

  beforeEach(() => {
    file = new StoreFile();
    store = file.open();
    told = [];
    const clock = { now: () => 5_000 };
    people = new People(store, newPublished(ME), clock);
    claims = new NoticeClaims(clock, () => true);
    const standingOf = (peer: typeof ALI) => people.contact(peer)?.standing;
    const dialler = {
      leave: (peer: typeof ALI) => told.push(`leave, ${standingOf(peer)}`),
      want: (peer: typeof ALI) => told.push(`want, ${standingOf(peer)}`),
    } as unknown as Dialler;
    const transfers = { cancel: (each: string) => told.push(`cancel ${each}`) } as unknown as Transfers;
    trust = new Trust({ me: ME, people, dialler, transfers, store, claims, clock });
    people.learn(ALI, { standing: 'accepted', name: 'Ali' });
    for (const [number, peer, state] of [
      [1, ALI, { kind: 'waiting' }],
      [2, ALI, { kind: 'rejected' }],
      [3, BABAK, { kind: 'waiting' }],
    ] as const)
      store.transfers.insert({
        ...{ id: id(number), peer, direction: 'send', name: 'a', mediaType: 'x/y', sizeBytes: 1, state },
      });
  });
  afterEach(() => {
    people.dispose();
    file.remove();
  });

  const asks = () => claims.claim({ about: 'connection', id: ALI, isFocused: true }, 'a window');

  it('ends what is on its way to and from whom they block, and then the link', () => {
    trust.block(ALI);
    assert.deepEqual(told, [`cancel ${id(1)}`, 'leave, blocked']);
  });

  it('makes the next question of whom they have blocked and unblocked news again', () => {
    assert.deepEqual([asks(), asks()], [true, false]);
    trust.block(ALI);
    trust.unblock(ALI);
    assert.deepEqual([asks(), people.contact(ALI)?.standing], [true, 'unknown']);
  });

  it('goes on with the other key alone when they start anew, verified where they have compared', () => {
    people.doubt(ALI, BABAK);
    trust.startAnew(ALI, BABAK, true);
    assert.deepEqual(told, [`cancel ${id(1)}`, 'leave, unknown', 'want, accepted']);
    assert.equal(people.contact(BABAK)?.verifiedAt, 5_000);
    people.doubt(BABAK, ALI);
    trust.startAnew(BABAK, ALI, false);
    assert.equal(people.contact(ALI)?.verifiedAt, undefined);
  });

  it('ends nothing where the key that they were shown is another one by now', () => {
    assert.throws(() => trust.startAnew(ALI, BABAK, true), { name: 'FailureError' });
    assert.deepEqual([told, people.contact(ALI)?.standing], [[], 'accepted']);
  });

  it('is that codes are the same, until they take that back', () => {
    trust.verify(ALI, true);
    assert.equal(people.contact(ALI)?.verifiedAt, 5_000);
    trust.verify(ALI, false);
    assert.equal(people.contact(ALI)?.verifiedAt, undefined);
  });

  it('is about files always, never, or as the setting says', () => {
    const said = ([true, false, null] as const).map((autoAccept) => {
      trust.setAutoAccept(ALI, autoAccept);
      return people.contact(ALI)?.autoAccept;
    });
    assert.deepEqual(said, [true, false, undefined]);
  });
});
