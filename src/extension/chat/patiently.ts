// What waits for a disk: for as long as one may take to wake up, and where that becomes long, with a way out.

import { after } from '../after.ts';
import type { RequestOptions } from '../engine/engineClient.ts';

/** In ms. Longer than the engine waits for a disk (two minutes), so that its clearer failure comes first. */
export const PATIENCE_MS = 150_000;
/** From here on a person wants to know what is going on, in ms. To draw a large picture takes less. */
export const LONG_MS = 4_000;

/** What a person has called off: nobody tells them of it. */
export class Cancelled extends Error {}

export interface LongWait {
  /** Settles with the wait, however that ends. */
  readonly over: Promise<unknown>;
  cancel(): void;
}

/** As `ask` ends, or with Cancelled. `show` is called where it takes long. */
export async function patiently<T>(
  ask: (options: RequestOptions) => Promise<T>,
  show: (wait: LongWait) => void,
): Promise<T> {
  const abort = new AbortController();
  const { promise: cancelled, reject } = Promise.withResolvers<never>();
  const over = Promise.race([ask({ timeoutMs: PATIENCE_MS, signal: abort.signal }), cancelled]);
  const cancel = () => {
    reject(new Cancelled());
    abort.abort();
  };
  const long = after(LONG_MS, () => show({ over, cancel }));
  try {
    return await over;
  } finally {
    long.dispose();
  }
}
