// How often something may begin: a few times in a row, then one more after each rest. Whoever is asked too often waits.

import type { Millis } from '../base/clock.ts';

export class Pace {
  readonly #burst: number;
  readonly #restMs: Millis;
  #left: number;
  #at: Millis = 0;

  /** `burst` in a row; then one more for each `restMs`. */
  constructor(burst: number, restMs: Millis) {
    this.#burst = burst;
    this.#restMs = restMs;
    this.#left = burst;
  }

  /** Counts one at `now` (steady) and answers 0, or answers how long to wait for it. */
  take(now: Millis): Millis {
    this.#left = Math.min(this.#burst, this.#left + (now - this.#at) / this.#restMs);
    this.#at = now;
    if (this.#left < 1) return Math.ceil((1 - this.#left) * this.#restMs);
    this.#left--;
    return 0;
  }
}
