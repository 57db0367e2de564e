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

/** `names` made-up peers are in the store, last seen before `now`. */
export async function benchStore(store: Store, names: number, now: number): Promise<StoreRow> {
  const random = seededRandom(names);
  const someone = () => madeUpPeer(Math.floor(random() * names), now + 1);
  const largest = { ms: 0, call: '' };
  const timed = async (call: string, work: (turn: number) => Promise<unknown>) => {
    const times: number[] = [];
    for (let turn = -CALLS / 10; turn < CALLS; turn++) {
      const ms = await timeOf(() => work(turn));
      if (turn < 0) continue;
      times.push(ms);
      if (ms > largest.ms) Object.assign(largest, { ms, call });
    }
    return times;
  };
  const at = (turn: number) => now + 10 + turn + CALLS;
  const pageAt = () => store.page({ prefix: '', after: someone().keys.sortKey, limit: MAX_PAGE }, now);
  const page = await timed('page', pageAt);
  const find = await timed('find', () => store.find(someone().keys, now));
  const refresh = await timed('refresh', (turn) =>
    store.register({ ...someone(), signedAt: at(turn) }, at(turn)),
  );
  const fresh = (turn: number) => madeUpPeer(names + CALLS + turn, at(turn));
  const register = await timed('register', (turn) => store.register(fresh(turn), at(turn)));
  const signOff = await timed('signOff', (turn) =>
    store.signOff({ ...fresh(turn), signedAt: at(turn) + 1 }, at(turn)),
  );
  const release = await timed('release', (turn) =>
    store.release({ ...fresh(turn), signedAt: at(turn) + 2 }, at(turn)),
  );
  const p99 = {
    register: percentile(register, 0.99),
    refresh: percentile(refresh, 0.99),
    find: percentile(find, 0.99),
    signOff: percentile(signOff, 0.99),
    release: percentile(release, 0.99),
  };
  const pages = { p50: percentile(page, 0.5), p99: percentile(page, 0.99) };
  return { names, page: pages, p99, largestMs: largest.ms, largestCall: largest.call };
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
