// How fast a transfer goes, as a person sees it: smoothed, and told a few times a second.

import type { Millis } from '../../base/clock.ts';

/** Between two reports; faster than this nobody reads. */
const REPORT_MS = 150;
/** The weight of the past halves in this time. */
const HALF_LIFE_MS = 1_000;

export class ProgressMeter {
  #bytes: number;
  #at: Millis;
  #rate: number | undefined;

  /** `bytes` were there already at `now`: they say nothing about the speed. */
  constructor(bytes: number, now: Millis) {
    this.#bytes = bytes;
    this.#at = now;
  }

  get bytesPerSecond(): number {
    return Math.round(this.#rate ?? 0);
  }

  /** Whether it is time to tell; then `bytesPerSecond` is up to date. */
  advance(bytes: number, now: Millis): boolean {
    const elapsed = now - this.#at;
    if (elapsed < REPORT_MS) return false;
    const sample = ((bytes - this.#bytes) * 1_000) / elapsed;
    const weight = 0.5 ** (elapsed / HALF_LIFE_MS);
    this.#rate = this.#rate === undefined ? sample : this.#rate * weight + sample * (1 - weight);
    this.#bytes = bytes;
    this.#at = now;
    return true;
  }
}
