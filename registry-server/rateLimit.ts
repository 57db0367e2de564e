// How many requests one address may make: a token bucket each, in a table of bounded size.

import { isIPv6 } from 'node:net';
import type { RequestHandler } from 'express';
import type { Clock, Millis } from '../src/base/clock.ts';
import type { AddressOf } from './clientAddress.ts';
import { ProblemError } from './problem.ts';

export interface RateLimits {
  /** What one address may ask for in the long run; 0 for no limit at all. */
  readonly requestsPerSecond: number;
  /** … and at once, after a rest. */
  readonly burst: number;
  /** Whether this machine's own requests count: they are tools, tests, or a proxy that speaks for everybody. */
  readonly limitLoopback: boolean;
}

/** A class of 100 behind one router makes about 10 requests a second. */
export const DEFAULT_RATE_LIMITS: RateLimits = { requestsPerSecond: 50, burst: 200, limitLoopback: false };

/** Against somebody with many addresses: the least recently seen bucket is forgotten, which only ever fills it. */
const MAX_BUCKETS = 50_000;

interface Bucket {
  tokens: number;
  filledAt: Millis;
  /** What was taken and has not been told to other instances. */
  untold: number;
}

export class RateLimiter {
  readonly #limits: RateLimits;
  readonly #maxBuckets: number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(limits: RateLimits, maxBuckets = MAX_BUCKETS) {
    this.#limits = limits;
    this.#maxBuckets = maxBuckets;
  }

  get limits(): RateLimits {
    return this.#limits;
  }

  get size(): number {
    return this.#buckets.size;
  }

  /** Counts one request: 0 when it may pass, else after how many ms the next one may. */
  take(address: string, now: Millis): Millis {
    const { requestsPerSecond, limitLoopback } = this.#limits;
    if (requestsPerSecond <= 0 || (!limitLoopback && isLoopback(address))) return 0;
    const bucket = this.#filled(limitedPart(address), now);
    if (bucket.tokens < 1) return Math.ceil(((1 - bucket.tokens) * 1_000) / requestsPerSecond);
    bucket.tokens -= 1;
    bucket.untold += 1;
    return 0;
  }

  /** What up to `count` addresses took since they were told last, of those that took at least `least`. They count as told. */
  tell(least: number, count: number): Map<string, number> {
    const told = new Map<string, number>();
    for (const [key, bucket] of this.#buckets) {
      if (told.size === count) break;
      if (bucket.untold < least) continue;
      told.set(key, bucket.untold);
      bucket.untold = 0;
    }
    return told;
  }

  /** `left` is what an address has left everywhere, as of all that was told: less than we thought, when it was elsewhere too. */
  hear(key: string, left: number): void {
    const bucket = this.#buckets.get(key);
    if (bucket !== undefined) bucket.tokens = Math.min(bucket.tokens, left - bucket.untold);
  }

  /** The bucket, filled up to now and moved to the end of the table, which is in the order of use. */
  #filled(key: string, now: Millis): Bucket {
    const { requestsPerSecond, burst } = this.#limits;
    const held = this.#buckets.get(key) ?? { tokens: burst, filledAt: now, untold: 0 };
    this.#buckets.delete(key);
    const gained = (Math.max(0, now - held.filledAt) * requestsPerSecond) / 1_000;
    const bucket = { tokens: Math.min(burst, held.tokens + gained), filledAt: now, untold: held.untold };
    this.#buckets.set(key, bucket);
    if (this.#buckets.size > this.#maxBuckets) this.#forgetOldest();
    return bucket;
  }

  #forgetOldest(): void {
    for (const key of this.#buckets.keys()) {
      this.#buckets.delete(key);
      return;
    }
  }
}

export function limitRate(limiter: RateLimiter, clock: Clock, addressOf: AddressOf): RequestHandler {
  return (request, _response, next) => {
    const waitMs = limiter.take(addressOf(request) ?? '', clock.now());
    if (waitMs === 0) return next();
    throw tooMuch(waitMs, 'request');
  };
}

/** `what` may come again after so many ms. */
export function tooMuch(waitMs: Millis, what: 'request' | 'new name'): ProblemError {
  const seconds = Math.ceil(waitMs / 1_000);
  const headers = { 'Retry-After': String(seconds) };
  return new ProblemError('too-many-requests', `Wait ${seconds} s before the next ${what}.`, { headers });
}

export function isLoopback(address: string): boolean {
  return /^(::ffff:)?127\./.test(address) || address === '::1';
}

/** One customer has a whole /64 of IPv6, so that is what is limited: its four leading groups. */
export function limitedPart(address: string): string {
  if (!isIPv6(address) || address.startsWith('::ffff:')) return address;
  const [head = '', tail] = address.split('%', 1).join('').split('::');
  const groups = head === '' ? [] : head.split(':');
  if (tail !== undefined) {
    const after = tail === '' ? 0 : tail.split(':').length;
    groups.push(...Array(Math.max(0, 8 - groups.length - after)).fill('0'));
  }
  return groups.slice(0, 4).join(':');
}
