// What each address has left, where several instances on one Redis can see it: a token bucket in a hash that lapses by itself.

import type { Millis } from '../../src/base/clock.ts';
import type { RateLimits } from '../rateLimit.ts';
import type { RateLedger } from '../sharedRates.ts';
import type { RedisClient } from './connectRedis.ts';
import { SPEND } from './redisScripts.ts';

type Spend = (key: string, ...args: number[]) => Promise<string>;

export class RedisRates implements RateLedger {
  readonly #redis: RedisClient & { readonly hamtaSpend: Spend };

  /** The client stays its owner's. */
  constructor(redis: RedisClient) {
    redis.defineCommand('hamtaSpend', { lua: SPEND, numberOfKeys: 1 });
    this.#redis = redis as RedisClient & { readonly hamtaSpend: Spend };
  }

  async spend(
    spent: ReadonlyMap<string, number>,
    { requestsPerSecond, burst }: RateLimits,
    now: Millis,
  ): Promise<Map<string, number>> {
    const all = [...spent].map(async ([address, count]) => {
      const left = await this.#redis.hamtaSpend(rateKey(address), now, requestsPerSecond, burst, count);
      return [address, Number(left)] as const;
    });
    return new Map(await Promise.all(all));
  }
}

/** `address` is an IPv4 address, or the four groups of an IPv6 network. */
export function rateKey(address: string): string {
  return `hamta:rate:{${address}}`;
}
