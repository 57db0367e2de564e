// The rate of one carrier over a stretch of time, the first blocks left out.

import type { Millis } from '../../base/clock.ts';
import { MEASURE_MS, WARM_UP_MS } from './carrierParams.ts';

export class RateMeasure {
  #firstAt: Millis | undefined;
  #from: Millis | undefined;
  #bytes = 0;

  /** The answer is bytes per second, each time a stretch is over, and undefined in between. */
  add(bytes: number, now: Millis): number | undefined {
    this.#firstAt ??= now;
    if (this.#from === undefined) {
      if (now - this.#firstAt >= WARM_UP_MS) this.#from = now;
      return undefined;
    }
    this.#bytes += bytes;
    const elapsed = now - this.#from;
    if (elapsed < MEASURE_MS) return undefined;
    const rate = (this.#bytes * 1_000) / elapsed;
    this.#from = now;
    this.#bytes = 0;
    return rate;
  }
}
