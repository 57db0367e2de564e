// How long single calls to a store take when it holds many names: pages of 100 from anywhere, and everything else that it does.
// One call at a time, each from the question to the answer, as the process that asks sees it; none is left out. A service that
// runs has answered before, so that some calls of each kind come first that are not counted.

import type { Store } from '../../registry-server/store/store.ts';
import { MAX_PAGE } from '../../src/contract/registry.ts';
import { seededRandom } from '../../test/support/seededRandom.ts';
import { ProcessPauses } from '../processPauses.ts';
import { percentile } from '../statistics.ts';
import { madeUpPeer } from './madeUpPeers.ts';

export interface StoreRow {
  readonly names: number;
  /** Ms, for a page of 100. */
  readonly page: { readonly p50: number; readonly p99: number };
  /** Ms. */
  readonly p99: Readonly<Record<'register' | 'refresh' | 'find' | 'signOff' | 'release', number>>;
  readonly largest: LargestCall;
}

/** The longest of all calls of whatever kind. */
export interface LargestCall {
  readonly call: string;
  readonly ms: number;
  /** Of these, how many the asking process stood still for its own collector. */
  readonly collectedMs: number;
}

export interface StoreRows {
  readonly rows: readonly StoreRow[];
  /** Of the asking process, during all of it, ms. */
  readonly longestCollectionMs: number;
  readonly longestDelayMs: number;
}

/** Of each kind. */
export const COUNTED_CALLS = 2_000;
export const WARM_UP_CALLS = 1_000;

interface Filled {
  readonly store: Store;
  /** So many made-up peers are in it, last seen before `now`. */
  readonly names: number;
}

/** `warm` is called once all kinds of calls have been made, before those that count. */
export async function benchStores(
  filled: readonly Filled[],
  now: number,
  warm: () => Promise<unknown> = async () => undefined,
): Promise<StoreRows> {
  const benches = filled.map(({ store, names }) => new StoreBench(store, names, now));
  await inTurns(benches, WARM_UP_CALLS);
  await warm();
  for (const bench of benches) bench.forget();
  const pauses = new ProcessPauses();
  await inTurns(benches, COUNTED_CALLS);
  await pauses.end();
  return {
    rows: benches.map((bench) => bench.row(pauses)),
    longestCollectionMs: pauses.longestCollection(),
    longestDelayMs: pauses.longestDelay(),
  };
}

/** So that what else the machine does falls on all stores alike. */
async function inTurns(benches: readonly StoreBench[], turns: number): Promise<void> {
  for (const call of CALLS) {
    for (let turn = 0; turn < turns; turn++) {
      for (const bench of benches) await bench.ask(call);
    }
  }
}

const CALLS = ['page', 'find', 'refresh', 'register', 'signOff', 'release'] as const;
type Call = (typeof CALLS)[number];

interface Timed {
  readonly call: Call;
  readonly from: number;
  readonly to: number;
}

class StoreBench {
  readonly #store: Store;
  readonly #names: number;
  readonly #random: () => number;
  readonly #counts = new Map<Call, number>();
  #now: number;
  #timed: Timed[] = [];

  constructor(store: Store, names: number, now: number) {
    this.#store = store;
    this.#names = names;
    this.#now = now;
    this.#random = seededRandom(names);
  }

  /** What is asked is made up before the clock runs. */
  async ask(call: Call): Promise<void> {
    this.#now += 1;
    const turn = this.#counts.get(call) ?? 0;
    this.#counts.set(call, turn + 1);
    const work = this.#prepared(call, turn);
    const from = performance.now();
    await work();
    this.#timed.push({ call, from, to: performance.now() });
  }

  forget(): void {
    this.#timed = [];
  }

  row(pauses: ProcessPauses): StoreRow {
    const p99 = (call: Call) => percentile(this.#timesOf(call), 0.99);
    const [register, refresh, find] = [p99('register'), p99('refresh'), p99('find')];
    return {
      names: this.#names,
      page: { p50: percentile(this.#timesOf('page'), 0.5), p99: p99('page') },
      p99: { register, refresh, find, signOff: p99('signOff'), release: p99('release') },
      largest: this.#largest(pauses),
    };
  }

  /** Those who are registered are signed off and released in the same order. */
  #prepared(call: Call, turn: number): () => Promise<unknown> {
    const [store, now] = [this.#store, this.#now];
    const known = { ...madeUpPeer(Math.floor(this.#random() * this.#names), now), signedAt: now };
    const fresh = madeUpPeer(this.#names + turn, now);
    const query = { prefix: '', after: known.keys.sortKey, limit: MAX_PAGE };
    const calls: Readonly<Record<Call, () => Promise<unknown>>> = {
      page: () => store.page(query, now),
      find: () => store.find(known.keys, now),
      refresh: () => store.register(known, now),
      register: () => store.register(fresh, now),
      signOff: () => store.signOff(fresh, now),
      release: () => store.release(fresh, now),
    };
    return calls[call];
  }

  #largest(pauses: ProcessPauses): LargestCall {
    const largest = this.#timed.reduce((most, each) =>
      each.to - each.from > most.to - most.from ? each : most,
    );
    const { call, from, to } = largest;
    return { call, ms: to - from, collectedMs: pauses.collectedWithin(largest) };
  }

  #timesOf(call: Call): number[] {
    return this.#timed.filter((timed) => timed.call === call).map(({ from, to }) => to - from);
  }
}
