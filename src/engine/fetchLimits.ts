// How often one person may ask for what my person shares: a bound on what an accepted peer can make this engine do and store.

import type { Millis } from '../base/clock.ts';
import type { Fingerprint } from '../contract/fingerprint.ts';

/** Fetches of one person that are under way at a time. */
export const MAX_RUNNING_FETCHES = 16;
/** Asked in a row; then one more for each REFILL_MS. */
export const FETCH_BURST = 30;
export const REFILL_MS: Millis = 2_000;

interface Allowance {
  left: number;
  at: Millis;
}

export class FetchLimits {
  /** Those who are as fresh as a stranger are forgotten, so at most as many as can have asked of late. */
  readonly #allowances = new Map<Fingerprint, Allowance>();

  /** Whether this person may fetch one more thing at `now` (steady), with so many under way. Counts it, if so. */
  takes(peer: Fingerprint, running: number, now: Millis): boolean {
    this.#forgetFull(now);
    const { left, at } = this.#allowances.get(peer) ?? { left: FETCH_BURST, at: now };
    const filled = Math.min(FETCH_BURST, left + (now - at) / REFILL_MS);
    if (running >= MAX_RUNNING_FETCHES || filled < 1) return false;
    this.#allowances.set(peer, { left: filled - 1, at: now });
    return true;
  }

  #forgetFull(now: Millis): void {
    for (const [peer, { left, at }] of this.#allowances)
      if (left + (now - at) / REFILL_MS >= FETCH_BURST) this.#allowances.delete(peer);
  }
}
