// How much somebody may do: a token bucket each, in a table of bounded size that forgets the least recently seen.

import type { Millis } from './clock.ts';

/** Keys, pairs and addresses whose rates are kept; the least recently seen is forgotten, which only fills its bucket. */
const MAX_BUCKETS = 50_000;

export interface Rate {
  readonly perSecond: number;
  /** What may be taken in a row, after a rest. */
  readonly burst: number;
}

interface Bucket {
  tokens: number;
  filledAt: Millis;
}

export class TokenBuckets {
  readonly #rate: Rate;
  readonly #maxBuckets: number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(rate: Rate, maxBuckets = MAX_BUCKETS) {
    this.#rate = rate;
    this.#maxBuckets = maxBuckets;
  }

  get size(): number {
    return this.#buckets.size;
  }

  /** After how many ms `amount`, at most the burst, could be taken; 0 for now. Takes nothing. */
  waitMs(key: string, amount: number, now: Millis): Millis {
    const missing = amount - this.#tokensOf(key, now);
    return missing <= 0 ? 0 : Math.ceil((missing * 1_000) / this.#rate.perSecond);
  }

  take(key: string, amount: number, now: Millis): void {
    const tokens = this.#tokensOf(key, now) - amount;
    this.#buckets.delete(key);
    this.#buckets.set(key, { tokens, filledAt: now });
    if (this.#buckets.size > this.#maxBuckets) this.#forgetOldest();
  }

  /** Takes `amount` if it is there; whether it was. */
  takeNow(key: string, amount: number, now: Millis): boolean {
    if (this.waitMs(key, amount, now) > 0) return false;
    this.take(key, amount, now);
    return true;
  }

  #tokensOf(key: string, now: Millis): number {
    const { perSecond, burst } = this.#rate;
    const bucket = this.#buckets.get(key);
    if (bucket === undefined) return burst;
    return Math.min(burst, bucket.tokens + (Math.max(0, now - bucket.filledAt) * perSecond) / 1_000);
  }

  #forgetOldest(): void {
    for (const key of this.#buckets.keys()) {
      this.#buckets.delete(key);
      return;
    }
  }
}
