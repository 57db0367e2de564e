// One message: stored here, sent, stored there, acknowledged; against the echo of 100 bytes over raw TLS, and against the least
// that it can take: that echo and two syncs of a disk, one after the other.

import { join } from 'node:path';
import type { Company } from './company.ts';
import { startRawTls } from './rawTls.ts';
import { percentile } from './statistics.ts';
import { SyncedLog } from './syncedLog.ts';

/** Ms. */
export interface Trips {
  readonly p50: number;
  readonly p99: number;
}

export interface RoundTripRow {
  readonly messages: number;
  readonly hamta: Trips;
  readonly rawTls: Trips;
  /** The echo, and what one message writes twice, synced each time. */
  readonly floor: Trips;
  readonly ratioP50: number;
  readonly ratioToFloor: number;
}

/** In turns, `messages` of each, a tenth of them for warming up. */
export async function chatRoundTrip(company: Company, messages: number): Promise<RoundTripRow> {
  const raw = await startRawTls(1);
  const disk = new SyncedLog(join(company.folder, 'synced'));
  const all = { hamta: [] as number[], rawTls: [] as number[], floor: [] as number[] };
  for (let i = 0; i < messages * 1.1; i++) {
    const hamta = await messageOnce(company);
    const rawTls = await raw.roundTrip();
    const floor = rawTls + syncedTwice(disk);
    if (i < messages * 0.1) continue;
    all.hamta.push(hamta);
    all.rawTls.push(rawTls);
    all.floor.push(floor);
  }
  raw.close();
  disk.close();
  const [hamta, rawTls, floor] = [tripsOf(all.hamta), tripsOf(all.rawTls), tripsOf(all.floor)];
  const ratios = { ratioP50: hamta.p50 / rawTls.p50, ratioToFloor: hamta.p50 / floor.p50 };
  return { messages, hamta, rawTls, floor, ...ratios };
}

function tripsOf(all: readonly number[]): Trips {
  return { p50: percentile(all, 0.5), p99: percentile(all, 0.99) };
}

function syncedTwice(disk: SyncedLog): number {
  const start = performance.now();
  disk.append();
  disk.append();
  return performance.now() - start;
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
