// Spreads datagrams over time: a bucket of bytes that fills at the rate and holds a few milliseconds of it.

import type { Millis } from '../../base/clock.ts';

/** The bucket holds what these many ms bring: timers come a millisecond or two late, and the time must not be lost. */
const BUCKET_MS = 4;
/** What a timer takes at least, and a little: a burst that is less than this brings would leave the sender waiting on fast paths. */
const BURST_MS = 2;
/** Waking up is worth this many ms of datagrams. */
const QUANTUM_MS = 1;

export class Pacer {
  readonly #datagramBytes: number;
  readonly #burstBytes: number;
  #bytes: number;
  /** At once; set as it is filled. */
  #mostBytes = 0;
  #filledAt: Millis | undefined;

  /** `burstBytes`: what may leave at once however fast the path is; small buffers on the way overflow beyond. */
  constructor(datagramBytes: number, burstBytes: number) {
    this.#datagramBytes = datagramBytes;
    this.#burstBytes = burstBytes;
    this.#bytes = burstBytes;
  }

  /** `rate` in bytes per ms; `roomBytes` is what the buffers on the way are known to take at once. */
  fill(now: Millis, rate: number, roomBytes = 0): void {
    const passedMs = Math.max(0, now - (this.#filledAt ?? now));
    this.#filledAt = now;
    this.#mostBytes = Math.max(this.#burstBytes, Math.min(rate * BURST_MS, roomBytes));
    this.#bytes = Math.min(this.#capacity(rate), this.#bytes + passedMs * rate);
  }

  get maySend(): boolean {
    return this.#bytes > 0;
  }

  take(bytes: number): void {
    this.#bytes -= bytes;
  }

  /** When there is room for what is worth waking up for. */
  readyAt(now: Millis, rate: number): Millis {
    const wanted = Math.min(this.#capacity(rate), Math.max(this.#datagramBytes, rate * QUANTUM_MS));
    return now + Math.max(0, (wanted - this.#bytes) / rate);
  }

  #capacity(rate: number): number {
    return Math.min(this.#mostBytes, Math.max(2 * this.#datagramBytes, rate * BUCKET_MS));
  }
}
