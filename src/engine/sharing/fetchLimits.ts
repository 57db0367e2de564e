// How often one person may ask for what my person shares: a bound on what an accepted peer can make this engine do and store.

import type { Millis } from '../../base/clock.ts';
import { TokenBuckets } from '../../base/tokenBuckets.ts';
import type { Fingerprint } from '../../contract/fingerprint.ts';

/** Fetches of one person that are under way at a time. */
export const MAX_RUNNING_FETCHES = 16;
/** Asked in a row; then one more every two seconds. */
export const FETCH_BURST = 30;
const FETCHES_PER_SECOND = 0.5;

export class FetchLimits {
  readonly #asked = new TokenBuckets({ perSecond: FETCHES_PER_SECOND, burst: FETCH_BURST });

  /** Whether this person may fetch one more thing at `now` (steady), with so many under way. Counts it, if so. */
  takes(peer: Fingerprint, running: number, now: Millis): boolean {
    return running < MAX_RUNNING_FETCHES && this.#asked.takeNow(peer, 1, now);
  }
}
