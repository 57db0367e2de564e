// What may be in flight beyond what the path holds, so that a process that is not run for some ms finds work in its socket's buffer.
// How large that buffer is the sender is not told: it learns from overflows.

import type { Millis } from '../../base/clock.ts';

/** Half of the buffer that is asked for. */
const FIRST_BYTES = 2 * 1024 * 1024;
/** A third of the smallest usual one: 208 KiB, in which a datagram of 1452 bytes takes 2304. */
const LEAST_BYTES = 64 * 1024;
/** More than this share lost is an overflow: no path is like that by itself. */
const OVERFLOW_LOSS = 0.25;
const SHRINK = 0.6;
/** An overflow takes longer than one sample of loss, but is answered once in this time. */
const SHRINK_EVERY_MS = 10;
/** With each sample without any loss: doubles in 140 of them. */
const GROWTH = 1.005;
/** What was lost came after all, for the most part: then nothing has overflowed. */
const UNDO_SHARE = 0.5;

export class WindowSlack {
  #bytes = FIRST_BYTES;
  #shrunkAt: Millis = Number.NEGATIVE_INFINITY;
  /** What it was before it shrank last, and how many bytes must still come to show that it should not have. */
  #undo: { readonly bytes: number; left: number } | undefined;

  get bytes(): number {
    return this.#bytes;
  }

  /** Over some dozens of datagrams; in bytes. */
  onLossSample(lost: number, total: number, now: Millis): void {
    if (lost === 0) this.#bytes = Math.min(FIRST_BYTES, this.#bytes * GROWTH);
    else if (lost > OVERFLOW_LOSS * total && now - this.#shrunkAt >= SHRINK_EVERY_MS) this.#shrink(lost, now);
  }

  /** So many bytes that were taken for lost have arrived: acknowledgements were late, as when a process was not run. */
  onSpurious(bytes: number): void {
    if (this.#undo === undefined) return;
    this.#undo.left -= bytes;
    if (this.#undo.left > 0) return;
    this.#bytes = Math.max(this.#bytes, this.#undo.bytes);
    this.#undo = undefined;
  }

  #shrink(lost: number, now: Millis): void {
    this.#undo = { bytes: this.#bytes, left: UNDO_SHARE * lost };
    this.#bytes = Math.max(LEAST_BYTES, this.#bytes * SHRINK);
    this.#shrunkAt = now;
  }
}
