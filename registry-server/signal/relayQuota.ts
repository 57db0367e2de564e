// How much the relay carries: streams and bytes of each key, of each pair of keys, and of all.

import type { Millis } from '../../src/base/clock.ts';
import { TokenBuckets } from '../../src/base/tokenBuckets.ts';
import { Counts } from '../counts.ts';
import {
  MAX_STREAMS_OF_KEY,
  RELAY_CAP_OF_KEY,
  RELAY_RATE_OF_ALL,
  RELAY_RATE_OF_KEY,
  RELAY_RATE_OF_PAIR,
} from './params.ts';

const ALL = '';

export class RelayQuota {
  readonly #streams = new Counts();
  readonly #ofKey = new TokenBuckets(RELAY_RATE_OF_KEY);
  readonly #capOfKey = new TokenBuckets(RELAY_CAP_OF_KEY);
  readonly #ofPair = new TokenBuckets(RELAY_RATE_OF_PAIR);
  readonly #ofAll = new TokenBuckets(RELAY_RATE_OF_ALL, 1);

  /** Counts a stream at both ends, unless one of them has too many. */
  openStream(a: string, b: string): boolean {
    const keys = [a, b];
    if (keys.some((key) => this.#streams.of(key) >= MAX_STREAMS_OF_KEY)) return false;
    for (const key of keys) this.#streams.add(key, 1);
    return true;
  }

  closeStream(a: string, b: string): void {
    for (const key of [a, b]) this.#streams.add(key, -1);
  }

  /** Whether the key has sent what it may in a day, so that `bytes` more are not to be waited for. */
  isSpent(from: string, bytes: number, now: Millis): boolean {
    return this.#capOfKey.waitMs(from, bytes, now) > 0;
  }

  /** After how many ms `bytes` may go from one key to the other; 0 for now. Whoever sends pays. */
  waitMs(from: string, to: string, bytes: number, now: Millis): Millis {
    return Math.max(
      this.#ofAll.waitMs(ALL, bytes, now),
      this.#ofKey.waitMs(from, bytes, now),
      this.#ofPair.waitMs(pairOf(from, to), bytes, now),
    );
  }

  take(from: string, to: string, bytes: number, now: Millis): void {
    this.#ofAll.take(ALL, bytes, now);
    this.#ofKey.take(from, bytes, now);
    this.#capOfKey.take(from, bytes, now);
    this.#ofPair.take(pairOf(from, to), bytes, now);
  }
}

/** The same in both directions. */
export function pairOf(a: string, b: string): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`;
}
