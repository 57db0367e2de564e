// How many messages a second are stored here, sent, stored there and acknowledged: all asked for at once, and as fast as they are
// confirmed.

import { performance } from 'node:perf_hooks';
import type { Company } from '../company.ts';

/** Asked for at the same time, in the steady run. */
const AT_ONCE = 32;
/** For thousands of messages on a busy machine. */
const PATIENCE_MS = 600_000;

export interface Throughput {
  readonly messages: number;
  /** Messages per second, from the first request until the last one is confirmed here … */
  readonly storedPerSecond: number;
  /** … and delivered: stored and acknowledged there. */
  readonly deliveredPerSecond: number;
}

export function burst(company: Company, messages: number): Promise<Throughput> {
  return measured(company, messages, messages);
}

export function steady(company: Company, messages: number): Promise<Throughput> {
  return measured(company, messages, AT_ONCE);
}

async function measured(company: Company, messages: number, atOnce: number): Promise<Throughput> {
  const { sara, fingerprintOfBob: peer } = company;
  let left = messages;
  let last = 0;
  const lane = async () => {
    while (left-- > 0)
      last = Math.max(last, (await sara.rpc.request('sendText', { peer, text: TEXT })).number);
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: atOnce }, lane));
  const stored = performance.now() - start;
  await delivered(company, last);
  const perSecond = (ms: number) => (1_000 * messages) / ms;
  return {
    messages,
    storedPerSecond: perSecond(stored),
    deliveredPerSecond: perSecond(performance.now() - start),
  };
}

const TEXT = 'm'.repeat(100);

/** The mark moves with each acknowledgement, so that one more message shows where it is. */
async function delivered({ sara, fingerprintOfBob: peer }: Company, number: number): Promise<void> {
  const acknowledged = sara.next(
    (event) => (event.kind === 'peerChanged' && event.peer.receipts.delivered >= number ? true : undefined),
    PATIENCE_MS,
  );
  await Promise.all([sara.rpc.request('sendText', { peer, text: 'the last one' }), acknowledged]);
}
