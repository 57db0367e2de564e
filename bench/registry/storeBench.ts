// How long single calls to a store take when it holds many names: pages of 100 from anywhere, and everything else that it does.

import type { Store } from '../../registry-server/store/store.ts';
import { MAX_PAGE } from '../../src/contract/registry.ts';
import { seededRandom } from '../../test/support/seededRandom.ts';
import { percentile } from '../statistics.ts';
import { madeUpPeer } from './madeUpPeers.ts';

export interface StoreRow {
  readonly names: number;
  /** Ms, for a page of 100. */
  readonly page: { readonly p50: number; readonly p99: number };
  /** Ms. */
  readonly p99: Readonly<Record<'register' | 'refresh' | 'find' | 'signOff' | 'release', number>>;
  /** The longest of all calls of whatever kind, ms. */
  readonly largestMs: number;
  readonly largestCall: string;
}

const CALLS = 2_000;

interface Filled {
  readonly store: Store;
  /** So many made-up peers are in it, last seen before `now`. */
  readonly names: number;
}

/** Pages are asked for in turns, so that what else the machine does falls on all stores alike; the other calls one by one. */
export async function benchStores(filled: readonly Filled[], now: number): Promise<StoreRow[]> {
  const benches = filled.map(({ store, names }) => new StoreBench(store, names, now));
  for (let turn = -CALLS / 10; turn < CALLS; turn++) {
    for (const bench of benches) await bench.page(turn >= 0);
  }
  const rows: StoreRow[] = [];
  for (const bench of benches) rows.push(await bench.row());
  return rows;
}

class StoreBench {
  readonly #store: Store;
  readonly #names: number;
  readonly #now: number;
  readonly #random: () => number;
  readonly #times = new Map<string, number[]>();

  constructor(store: Store, names: number, now: number) {
    this.#store = store;
    this.#names = names;
    this.#now = now;
    this.#random = seededRandom(names);
  }

  async page(counts: boolean): Promise<void> {
    const after = this.#someone().keys.sortKey;
    await this.#time('page', counts, () =>
      this.#store.page({ prefix: '', after, limit: MAX_PAGE }, this.#now),
    );
  }

  async row(): Promise<StoreRow> {
    const store = this.#store;
    const at = (turn: number) => this.#now + 10 + turn + CALLS;
    const fresh = (turn: number) => madeUpPeer(this.#names + CALLS + turn, at(turn));
    const later = (turn: number, by: number) => ({ ...fresh(turn), signedAt: at(turn) + by });
    const calls: Readonly<Record<keyof StoreRow['p99'], (turn: number) => Promise<unknown>>> = {
      find: () => store.find(this.#someone().keys, this.#now),
      refresh: (turn) => store.register({ ...this.#someone(), signedAt: at(turn) }, at(turn)),
      register: (turn) => store.register(fresh(turn), at(turn)),
      signOff: (turn) => store.signOff(later(turn, 1), at(turn)),
      release: (turn) => store.release(later(turn, 2), at(turn)),
    };
    for (const [call, work] of Object.entries(calls)) {
      for (let turn = -CALLS / 10; turn < CALLS; turn++) await this.#time(call, turn >= 0, () => work(turn));
    }
    return this.#rowOf();
  }

  #rowOf(): StoreRow {
    const all = [...this.#times].flatMap(([call, times]) => times.map((ms) => ({ call, ms })));
    const largest = all.reduce((most, each) => (each.ms > most.ms ? each : most));
    const p99 = (call: string) => percentile(this.#times.get(call) ?? [], 0.99);
    return {
      names: this.#names,
      page: { p50: percentile(this.#times.get('page') ?? [], 0.5), p99: p99('page') },
      p99: {
        register: p99('register'),
        refresh: p99('refresh'),
        find: p99('find'),
        signOff: p99('signOff'),
        release: p99('release'),
      },
      largestMs: largest.ms,
      largestCall: largest.call,
    };
  }

  #someone() {
    return madeUpPeer(Math.floor(this.#random() * this.#names), this.#now + 1);
  }

  async #time(call: string, counts: boolean, work: () => Promise<unknown>): Promise<void> {
    const startedAt = performance.now();
    await work();
    const ms = performance.now() - startedAt;
    if (!counts) return;
    const times = this.#times.get(call) ?? [];
    this.#times.set(call, times);
    times.push(ms);
  }
}
