// One limit for several instances: each counts by itself, tells the others now and then what an address took, and hears what
// it has left. No request waits for that. While nobody answers, each instance goes on with its own count.

import type { Clock, Millis } from '../src/base/clock.ts';
import type { RateLimiter, RateLimits } from './rateLimit.ts';

/** Where instances meet. */
export interface RateLedger {
  /** Takes what was spent from what each address has left everywhere, and answers that. */
  spend(spent: ReadonlyMap<string, number>, limits: RateLimits, now: Millis): Promise<Map<string, number>>;
}

/** What an address can take too much before the others know: this long at each instance, and never more than its burst. */
const EXCHANGE_MS = 250;
/** Against somebody with many addresses: at most so many are told at once; the rest has its turn next time. */
const MAX_TOLD = 500;
/** Who takes less than this part of the limit is not worth telling: ten instances would have to agree to it. */
const WORTH_TELLING = 0.1;

export class SharedRates {
  readonly #limiter: RateLimiter;
  readonly #ledger: RateLedger;
  readonly #clock: Clock;
  readonly #timer: NodeJS.Timeout;
  #isRunning = false;

  constructor(limiter: RateLimiter, ledger: RateLedger, clock: Clock) {
    this.#limiter = limiter;
    this.#ledger = ledger;
    this.#clock = clock;
    this.#timer = setInterval(() => void this.exchange(), EXCHANGE_MS).unref();
  }

  /** Never rejects: without the others the limit is each instance's own. */
  async exchange(): Promise<void> {
    const { limits } = this.#limiter;
    const least = Math.max(1, Math.floor((limits.requestsPerSecond * EXCHANGE_MS * WORTH_TELLING) / 1_000));
    const spent = this.#isRunning ? new Map<string, number>() : this.#limiter.tell(least, MAX_TOLD);
    if (spent.size === 0) return;
    this.#isRunning = true;
    const left = await this.#ledger.spend(spent, limits, this.#clock.now()).catch(() => undefined);
    this.#isRunning = false;
    for (const [key, tokens] of left ?? []) this.#limiter.hear(key, tokens);
  }

  close(): void {
    clearInterval(this.#timer);
  }
}
