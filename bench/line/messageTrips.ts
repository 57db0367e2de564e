// Messages at a fixed rate from one end of a line to the other, while something else happens: how long each takes there and back.

import { FixedRate } from '../editor/fixedRate.ts';
import { percentile } from '../statistics.ts';
import type { LineCompany } from './lineCompany.ts';

const EVERY_MS = 40;

/** Ms from when a message was due to the receipt that it is stored on the other side. */
export interface Trips {
  readonly count: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
}

/** As long as `work` takes. */
export async function tripsDuring(company: LineCompany, work: () => Promise<unknown>): Promise<Trips> {
  const messages = new FixedRate({ everyMs: EVERY_MS, now: () => performance.now() }, () => sayOnce(company));
  let timer: NodeJS.Timeout | undefined;
  const sayDue = () => {
    timer = setTimeout(sayDue, messages.beginDue());
  };
  sayDue();
  try {
    await work();
  } finally {
    clearTimeout(timer);
    await messages.settled();
  }
  return tripsOf(messages.took);
}

async function sayOnce({ sara, fingerprintOfBob: peer }: LineCompany): Promise<void> {
  const { number } = await sara.request('sendText', { peer, text: 'm'.repeat(100) });
  await sara.peer(peer, ({ receipts }) => receipts.delivered >= number);
}

function tripsOf(all: readonly number[]): Trips {
  const [p50, p90, p99] = [0.5, 0.9, 0.99].map((share) => percentile(all, share)) as [number, number, number];
  return { count: all.length, p50, p90, p99 };
}
