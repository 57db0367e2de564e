// One message: stored here, sent, stored there, acknowledged; against the echo of 100 bytes over raw TLS.

import type { Company } from './company.ts';
import { startRawTls } from './rawTls.ts';
import { percentile } from './statistics.ts';

export interface RoundTripRow {
  readonly messages: number;
  /** Ms. */
  readonly hamta: { readonly p50: number; readonly p99: number };
  readonly rawTls: { readonly p50: number; readonly p99: number };
  readonly ratioP50: number;
}

/** In turns, `messages` of each, a tenth of them for warming up. */
export async function chatRoundTrip(company: Company, messages: number): Promise<RoundTripRow> {
  const raw = await startRawTls(1);
  const hamta: number[] = [];
  const rawTls: number[] = [];
  for (let i = 0; i < messages * 1.1; i++) {
    const ours = await messageOnce(company);
    const theirs = await raw.roundTrip();
    if (i < messages * 0.1) continue;
    hamta.push(ours);
    rawTls.push(theirs);
  }
  raw.close();
  const [ours, theirs] = [hamta, rawTls].map((all) => ({
    p50: percentile(all, 0.5),
    p99: percentile(all, 0.99),
  }));
  if (ours === undefined || theirs === undefined) throw new Error('no messages');
  return { messages, hamta: ours, rawTls: theirs, ratioP50: ours.p50 / theirs.p50 };
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
