// One message: stored here, sent, stored there, acknowledged; against the echo of 100 bytes over raw TLS, and against the least
// that it can take: that echo, and what both stores take for it.

import { join } from 'node:path';
import { wallClock } from '../src/engine/io/systemClock.ts';
import { BareStores } from './bareStores.ts';
import type { Company } from './company.ts';
import { startRawTls } from './rawTls.ts';
import { percentile } from './statistics.ts';

/** Ms. */
export interface Trips {
  readonly p50: number;
  readonly p99: number;
}

export interface RoundTripRow {
  readonly messages: number;
  readonly hamta: Trips;
  readonly rawTls: Trips;
  /** The echo, and the two stores alone. */
  readonly floor: Trips;
  readonly ratioP50: number;
  readonly ratioToFloor: number;
}

/** In turns, `messages` of each, a tenth of them for warming up. */
export async function chatRoundTrip(company: Company, messages: number): Promise<RoundTripRow> {
  const raw = await startRawTls(1);
  const stores = new BareStores(join(company.folder, 'bare'), wallClock);
  const all = { hamta: [] as number[], rawTls: [] as number[], floor: [] as number[] };
  for (let i = 0; i < messages * 1.1; i++) {
    const hamta = await messageOnce(company);
    const rawTls = await raw.roundTrip();
    const floor = rawTls + stores.passOne();
    if (i < messages * 0.1) continue;
    all.hamta.push(hamta);
    all.rawTls.push(rawTls);
    all.floor.push(floor);
  }
  raw.close();
  stores.close();
  const [hamta, rawTls, floor] = [tripsOf(all.hamta), tripsOf(all.rawTls), tripsOf(all.floor)];
  const ratios = { ratioP50: hamta.p50 / rawTls.p50, ratioToFloor: hamta.p50 / floor.p50 };
  return { messages, hamta, rawTls, floor, ...ratios };
}

function tripsOf(all: readonly number[]): Trips {
  return { p50: percentile(all, 0.5), p99: percentile(all, 0.99) };
}

async function messageOnce({ sara, fingerprintOfBob: peer }: Company): Promise<number> {
  const before = { number: Number.POSITIVE_INFINITY };
  const delivered = sara.next((event) =>
    event.kind === 'peerChanged' && event.peer.receipts.delivered >= before.number ? true : undefined,
  );
  const numbered = sara.next((event) => {
    if (event.kind !== 'messageAdded') return undefined;
    before.number = event.message.number;
    return true;
  });
  const start = performance.now();
  await Promise.all([sara.rpc.request('sendText', { peer, text: 'm'.repeat(100) }), numbered, delivered]);
  return performance.now() - start;
}
