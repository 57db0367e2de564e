// How far round trips are from their mean, over many of them: slower than the variation that timers go by (RFC 9002), so that the
// delays of a radio that come and go are in it, and a queue that fills is not.

import type { Millis } from '../../base/clock.ts';

export class Jitter {
  readonly #share: number;
  #meanMs: Millis | undefined;
  #deviationMs: Millis = 0;

  /** Each sample moves both values by this share. */
  constructor(share: number) {
    this.#share = share;
  }

  /** Undefined before the first sample. */
  get meanMs(): Millis | undefined {
    return this.#meanMs;
  }

  get deviationMs(): Millis {
    return this.#deviationMs;
  }

  add(sampleMs: Millis): void {
    this.#meanMs ??= sampleMs;
    const distanceMs = sampleMs - this.#meanMs;
    this.#meanMs += distanceMs * this.#share;
    this.#deviationMs += (Math.abs(distanceMs) - this.#deviationMs) * this.#share;
  }
}
