// How many names one address may take that nobody has: whoever listens for newcomers is told of each, so that one caller would
// make the registry write to everybody. Names that are renewed are none of these. Each instance counts by itself.

import type { Clock, Millis } from '../src/base/clock.ts';
import { TokenBuckets } from '../src/base/tokenBuckets.ts';
import { isLoopback, limitedPart, type RateLimits } from './rateLimit.ts';

/**
 * For each request a second of the rate limit, which ten people make: twice these at once, as after a registry has lost its
 * names, and then few. By default 1,000 names and one a second.
 */
const AT_ONCE = 20;
const PER_SECOND = 0.02;

export class NewNames {
  readonly #limitLoopback: boolean;
  readonly #steady: Clock;
  readonly #buckets: TokenBuckets | undefined;

  constructor(
    { requestsPerSecond, limitLoopback }: RateLimits,
    steady: Clock = { now: () => performance.now() },
  ) {
    this.#limitLoopback = limitLoopback;
    this.#steady = steady;
    const rate = { perSecond: requestsPerSecond * PER_SECOND, burst: requestsPerSecond * AT_ONCE };
    this.#buckets = requestsPerSecond > 0 ? new TokenBuckets(rate) : undefined;
  }

  /** After how many ms the address may take a name; 0 for now. Counts nothing. */
  waitMs(address: string): Millis {
    if (this.#isFree(address)) return 0;
    return this.#buckets?.waitMs(limitedPart(address), 1, this.#steady.now()) ?? 0;
  }

  /** The address took a name. What it took beyond its share, by asking for several at a time, it has to wait for. */
  took(address: string): void {
    if (!this.#isFree(address)) this.#buckets?.take(limitedPart(address), 1, this.#steady.now());
  }

  #isFree(address: string): boolean {
    return !this.#limitLoopback && isLoopback(address);
  }
}
