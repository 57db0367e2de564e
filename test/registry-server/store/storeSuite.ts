// What every store does, whichever it is: one suite, run against the SQLite file and a real Redis. The time is virtual.

import assert from 'node:assert/strict';
import { sortKeyOf } from '../../../registry-server/nameKeys.ts';
import {
  type Claim,
  type PageQuery,
  type Store,
  SWEEP_STEP,
  TOMBSTONE_MS,
} from '../../../registry-server/store/store.ts';
import { BINDING_MS, LEASE_MS, MAX_SKEW_MS } from '../../../src/contract/registry.ts';
import { seededRandom } from '../../support/seededRandom.ts';
import { classicSuite } from './classicSuite.ts';
import { ModelStore } from './modelStore.ts';
import { registrationOf, SARAS_KEY } from './registrationOf.ts';

export interface OpenedStore {
  readonly store: Store;
  /** How many names it keeps on disk or in memory, lapsed ones too. */
  countKept(): Promise<number>;
}

const START = 1_800_000_000_000;
const SARA = SARAS_KEY;
const MALLORY = 'b'.repeat(64);

function claim(name: string, fingerprint: string, signedAt: number): Claim {
  const { keys } = registrationOf(name, signedAt);
  return { keys, fingerprint, signedAt };
}

function query(change: Partial<PageQuery> = {}): PageQuery {
  return { prefix: '', after: undefined, limit: 100, ...change };
}

/** `open` gives an empty store; whoever calls closes it. */
export function storeSuite(open: () => Promise<OpenedStore>): void {
  describe('as any store', () => suite(open));
  describe('as a keeper of course records', () => classicSuite(open));
}

function suite(open: () => Promise<OpenedStore>): void {
  let store: Store;
  let countKept: OpenedStore['countKept'];

  beforeEach(async () => {
    ({ store, countKept } = await open());
  });

  async function take(name: string, now = START, fingerprint = SARA): Promise<void> {
    const { kind } = await store.register(registrationOf(name, now, fingerprint), now);
    assert.ok(kind === 'created' || kind === 'refreshed', `${name}: ${kind}`);
  }

  async function find(name: string, now = START) {
    const peer = await store.find(claim(name, SARA, 0).keys, now);
    if (peer === undefined) return undefined;
    const { recordText, ...rest } = peer;
    return { record: JSON.parse(recordText), ...rest };
  }

  async function namesOf(change: Partial<PageQuery> = {}, now = START): Promise<string[]> {
    const { entries } = await store.page(query(change), now);
    return entries.map((entry) => entry.name);
  }

  /** Every page from the first to the last. */
  async function walk(limit: number, now: number, prefix = ''): Promise<string[]> {
    const names: string[] = [];
    let after: string | undefined;
    do {
      const page = await store.page({ prefix, after, limit }, now);
      names.push(...page.entries.map((entry) => entry.name));
      after = page.next;
    } while (after !== undefined);
    return names;
  }

  it('answers that it is there', async () => {
    await store.ping();
  });

  it('creates a name once and refreshes it afterwards', async () => {
    assert.deepEqual(await store.register(registrationOf('Sara', START, SARA), START), { kind: 'created' });
    assert.deepEqual(await store.register(registrationOf('Sara', START + 1, SARA), START + 1), {
      kind: 'refreshed',
    });
  });

  it('gives back the record exactly as it was signed, with where it was seen and until when it lives', async () => {
    const registered = registrationOf('سارا "{}" \\ %_', START, SARA);
    await store.register(registered, START + 7);
    const { record, signature, fingerprint, observedAddress } = registered;
    const times = { lastSeenAt: START + 7, leaseUntil: START + 7 + LEASE_MS };
    assert.deepEqual(await find(record.name), { record, signature, fingerprint, observedAddress, ...times });
  });

  it('gives the later record after a refresh', async () => {
    await take('Sara');
    await store.register(registrationOf('Sara', START + 1, SARA, 5_000), START + 1);
    assert.equal((await find('Sara'))?.record.tcpPort, 5_000);
  });

  it('does not know a name that nobody took', async () => {
    assert.equal(await find('Nobody'), undefined);
    assert.deepEqual(await store.page(query(), START), { entries: [], next: undefined });
  });

  it('keeps a name from every other key, and says whose it is and when it may be free', async () => {
    await take('Sara');
    const outcome = await store.register(registrationOf('Sara', START + 5, MALLORY), START + 5);
    assert.deepEqual(outcome, { kind: 'taken', name: 'Sara', freeAt: START + BINDING_MS });
    assert.equal((await find('Sara'))?.fingerprint, SARA);
  });

  it('keeps names that differ in case or only look the same from every other key', async () => {
    await take('Sara');
    for (const name of ['SARA', 'sara', 'Ѕаrа', 'sa\u034fra']) {
      const { kind } = await store.register(registrationOf(name, START + 5, MALLORY), START + 5);
      assert.equal(kind, 'taken', name);
    }
    assert.deepEqual(await namesOf(), ['Sara']);
  });

  it('lets the owner write the name otherwise, and lists it once', async () => {
    await take('b0b', START);
    await take('Bob', START + 1);
    assert.deepEqual(await namesOf(), ['Bob']);
    assert.equal((await find('Bob'))?.record.name, 'Bob');
    assert.equal(await find('b0b'), undefined);
  });

  it('finds a name in any case, and never gives a look-alike in its place', async () => {
    await take('Sara');
    assert.equal((await find('sARA'))?.record.name, 'Sara');
    assert.equal(await find('Ѕаrа'), undefined);
  });

  it('refuses a claim that is not later than the one that stands, and changes nothing', async () => {
    await take('Sara', START);
    for (const signedAt of [START, START - 1]) {
      const outcome = await store.register(registrationOf('Sara', signedAt, SARA, 5_000), START + 9);
      assert.deepEqual(outcome, { kind: 'stale', newerThan: START });
    }
    const held = await find('Sara');
    assert.equal(held?.record.tcpPort, 4_100);
    assert.equal(held?.lastSeenAt, START);
  });

  it('ends the lease at a sign-off and keeps the name bound', async () => {
    await take('Sara');
    assert.deepEqual(await store.signOff(claim('Sara', SARA, START + 1), START + 2), { kind: 'signedOff' });
    assert.equal((await find('Sara'))?.leaseUntil, START + 2);
    assert.equal((await store.register(registrationOf('Sara', START + 3, MALLORY), START + 3)).kind, 'taken');
    assert.equal(
      (await store.register(registrationOf('Sara', START + 4, SARA), START + 4)).kind,
      'refreshed',
    );
  });

  it('does not take the registration from before a sign-off again', async () => {
    const old = registrationOf('Sara', START, SARA);
    await store.register(old, START);
    await store.signOff(claim('Sara', SARA, START + 10), START + 10);
    assert.deepEqual(await store.register(old, START + 11), { kind: 'stale', newerThan: START + 10 });
  });

  it('refuses the sign-off of a stranger, of an unknown name, and one that comes again', async () => {
    await take('Sara');
    assert.equal((await store.signOff(claim('Sara', MALLORY, START + 1), START + 1)).kind, 'taken');
    assert.deepEqual(await store.signOff(claim('Nobody', SARA, START + 1), START + 1), { kind: 'unknown' });
    await store.signOff(claim('Sara', SARA, START + 1), START + 1);
    const again = await store.signOff(claim('Sara', SARA, START + 1), START + 2);
    assert.deepEqual(again, { kind: 'stale', newerThan: START + 1 });
  });

  it('gives a released name to whoever asks next, and says nothing of its owner any more', async () => {
    await take('Sara');
    await take('Zoe');
    assert.deepEqual(await store.release(claim('Sara', SARA, START + 1), START + 1), { kind: 'released' });
    assert.equal(await find('Sara', START + 1), undefined);
    assert.deepEqual(await namesOf({}, START + 1), ['Zoe']);
    assert.equal(await countKept(), 1);
    const theirs = registrationOf('Sara', START + 2, MALLORY);
    assert.deepEqual(await store.register(theirs, START + 2), { kind: 'created' });
    assert.equal((await find('Sara', START + 2))?.fingerprint, MALLORY);
    assert.deepEqual(await namesOf({}, START + 2), ['Sara', 'Zoe']);
  });

  it('releases a name for its owner only, and only with a claim that is later than the one that stands', async () => {
    await take('Sara');
    assert.equal((await store.release(claim('Sara', MALLORY, START + 1), START + 1)).kind, 'taken');
    const stale = await store.release(claim('Sara', SARA, START), START + 1);
    assert.deepEqual(stale, { kind: 'stale', newerThan: START });
    assert.deepEqual(await store.release(claim('Nobody', SARA, START + 1), START + 1), { kind: 'unknown' });
    assert.equal((await find('Sara'))?.fingerprint, SARA);
  });

  it('brings nothing back after a release that was signed before it, whoever signed it', async () => {
    const old = registrationOf('Sara', START, SARA);
    await store.register(old, START);
    const end = claim('Sara', SARA, START + 10);
    await store.release(end, START + 10);
    for (const again of [
      old,
      registrationOf('Sara', START + 10, SARA),
      registrationOf('Sаra', START + 9, MALLORY),
    ]) {
      const outcome = await store.register(again, START + 20);
      assert.deepEqual(outcome, { kind: 'stale', newerThan: START + 10 });
    }
    assert.deepEqual(await store.release(end, START + 20), { kind: 'unknown' });
    assert.deepEqual(await store.signOff(end, START + 20), { kind: 'unknown' });
    await store.register(registrationOf('Sara', START + 30, MALLORY), START + 30);
    await store.release(claim('Sara', MALLORY, START + 40), START + 40);
    assert.deepEqual(await store.register(old, START + 50), { kind: 'stale', newerThan: START + 40 });
    assert.equal(await find('Sara', START + 50), undefined);
  });

  it('remembers a release until everything signed before it is too old for any clock', async () => {
    await take('Sara', START);
    const ahead = START + MAX_SKEW_MS;
    await store.release(claim('Sara', SARA, ahead), START);
    const last = ahead + MAX_SKEW_MS;
    assert.equal((await store.register(registrationOf('Sara', ahead, SARA), last)).kind, 'stale');
    const over = START + TOMBSTONE_MS + 1;
    assert.deepEqual(await store.register(registrationOf('Sara', ahead, SARA), over), { kind: 'created' });
  });

  it('keeps a name for 30 days after it was last seen, and not a moment longer', async () => {
    await take('Sara', START);
    await take('Sara', START + 1_000);
    const end = START + 1_000 + BINDING_MS;
    assert.ok(await find('Sara', end - 1));
    assert.equal((await store.register(registrationOf('Sara', end - 1, MALLORY), end - 1)).kind, 'taken');
    assert.equal(await find('Sara', end), undefined);
    assert.deepEqual(await namesOf({}, end), []);
    assert.deepEqual(await store.signOff(claim('Sara', SARA, end), end), { kind: 'unknown' });
    assert.deepEqual(await store.register(registrationOf('Sara', end, MALLORY), end), { kind: 'created' });
    assert.equal((await find('Sara', end))?.fingerprint, MALLORY);
  });

  it('counts a sign-off as being seen', async () => {
    await take('Sara', START);
    await store.signOff(claim('Sara', SARA, START + 500), START + 500);
    assert.ok(await find('Sara', START + 500 + BINDING_MS - 1));
    assert.deepEqual(await namesOf({}, START + 500 + BINDING_MS - 1), ['Sara']);
  });

  it('clears lapsed names away a few at a time, so that they never pile up', async () => {
    for (let i = 0; i < 2 * SWEEP_STEP; i++) await take(`old ${i}`, START);
    const later = START + BINDING_MS;
    await take('new a', later);
    assert.equal(await countKept(), SWEEP_STEP + 1);
    await take('new b', later);
    assert.equal(await countKept(), 2);
    assert.deepEqual(await walk(100, later), ['new a', 'new b']);
  });

  it('never clears away a name that is still bound', async () => {
    await take('old', START);
    await take('Sara', START);
    await take('Sara', START + 1);
    await take('new', START + BINDING_MS);
    assert.deepEqual(await namesOf({}, START + BINDING_MS), ['new', 'Sara']);
  });

  it('lists names in the order of their keys, byte by byte, in any script', async () => {
    const names = ['Zoe', 'adam', 'Émile', 'سارا', '李雷', '\uff5eA', '🐟', '한글', 'b', 'B a'];
    for (const name of names) await take(name);
    const byKey = (a: string, b: string) =>
      Buffer.compare(Buffer.from(sortKeyOf(a)), Buffer.from(sortKeyOf(b)));
    assert.deepEqual(await namesOf(), [...names].sort(byKey));
  });

  it('lists names with presence', async () => {
    await take('Sara', START + 3);
    const presence = { fingerprint: SARA, lastSeenAt: START + 3, leaseUntil: START + 3 + LEASE_MS };
    assert.deepEqual((await store.page(query(), START + 3)).entries, [{ name: 'Sara', ...presence }]);
  });

  it('lists what starts with a prefix, which is text and no pattern', async () => {
    for (const name of ['sa', 'Sara', 'sarah', 'sb', 'r', 's%a', 's_a', 's[a', 's*', '(s', '[s'])
      await take(name);
    assert.deepEqual(await namesOf({ prefix: 'sa' }), ['sa', 'Sara', 'sarah']);
    assert.deepEqual(await namesOf({ prefix: 's%' }), ['s%a']);
    assert.deepEqual(await namesOf({ prefix: 's_' }), ['s_a']);
    assert.deepEqual(await namesOf({ prefix: '[' }), ['[s']);
    assert.deepEqual(await namesOf({ prefix: '(' }), ['(s']);
    assert.deepEqual(await namesOf({ prefix: 'zz' }), []);
  });

  it('gives every name once over pages of any size, and a next only while there is more', async () => {
    const names = Array.from({ length: 23 }, (_, i) => `peer ${String(i).padStart(2, '0')}`);
    for (const name of [...names, 'other', 'quite other']) await take(name);
    for (const limit of [1, 2, 5, 23, 24, 100])
      assert.deepEqual(await walk(limit, START, 'peer'), names, `${limit}`);
    assert.equal((await store.page(query({ prefix: 'peer', limit: 23 }), START)).next, undefined);
  });

  it('goes on after a name that is gone, and after a cursor from before or behind the prefix', async () => {
    for (const name of ['a', 'c', 'd']) await take(name);
    assert.deepEqual(await namesOf({ after: 'b' }), ['c', 'd']);
    assert.deepEqual(await namesOf({ after: 'a', prefix: 'd' }), ['d']);
    assert.deepEqual(await namesOf({ after: 'z', prefix: 'd' }), []);
    assert.deepEqual(await namesOf({ after: 'c' }), ['d']);
  });

  it('walks past lapsed names without ending early', async () => {
    for (const name of ['a', 'b', 'c']) await take(name, START);
    const later = START + BINDING_MS;
    await store.register(registrationOf('d', later, SARA), later - 1);
    assert.deepEqual(await walk(1, later), ['d']);
  });

  it('gives a name to exactly one of many keys that want it at the same moment', async () => {
    const keys = Array.from({ length: 40 }, (_, i) => i.toString(16).padStart(64, '0'));
    const outcomes = await Promise.all(
      keys.map((key) => store.register(registrationOf('Sara', START, key), START)),
    );
    const winners = keys.filter((_, i) => outcomes[i]?.kind === 'created');
    assert.equal(winners.length, 1);
    assert.equal(outcomes.filter(({ kind }) => kind === 'taken').length, 39);
    assert.equal((await find('Sara'))?.fingerprint, winners[0]);
  });

  it('agrees with a plain model over random steps', async () => {
    const random = seededRandom(20_261_120);
    const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
    const model = new ModelStore();
    let now = START;
    for (let step = 0; step < 500; step++) {
      now += pick([0, 1, 1, LEASE_MS, Math.round(BINDING_MS / 7)]);
      const [name, key] = [pick(['ana', 'Ana', 'bob', 'سارا', 'x'.repeat(64)]), pick([SARA, MALLORY])];
      const signedAt = now - pick([0, 0, 1, LEASE_MS]);
      const act = pick(['register', 'register', 'register', 'signOff', 'release'] as const);
      const outcome =
        act === 'register'
          ? await store.register(registrationOf(name, signedAt, key), now)
          : await store[act](claim(name, key, signedAt), now);
      assert.equal(outcome.kind, model[act](name, key, signedAt, now), `step ${step}`);
      const { entries } = await store.page(query(), now);
      assert.deepEqual(
        entries.map((entry) => [entry.name, entry.fingerprint, entry.lastSeenAt, entry.leaseUntil]),
        model.alive(now).map((peer) => [peer.name, peer.key, peer.seenAt, peer.leaseUntil]),
        `step ${step}`,
      );
    }
  });
}
