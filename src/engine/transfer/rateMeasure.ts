// The rate of one carrier over a stretch of time, the first blocks left out.

import type { Millis } from '../../base/clock.ts';
import { CLEARLY_FASTER, MEASURE_MS, WARM_UP_MS } from './carrierParams.ts';

export class RateMeasure {
  #firstAt: Millis | undefined;
  #from: Millis | undefined;
  #bytes = 0;
  /** … of these in the first half of the stretch, and when the last of them came. */
  #early = { bytes: 0, ms: 0 };
  #stretches = 0;
  #isRising = false;

  /** The last answer is of a carrier that still felt its way: it became clearly faster meanwhile. Of the first answer alone. */
  get isAtItsStart(): boolean {
    return this.#stretches === 1 && this.#isRising;
  }

  /** The answer is bytes per second, each time a stretch is over, and undefined in between. */
  add(bytes: number, now: Millis): number | undefined {
    this.#firstAt ??= now;
    if (this.#from === undefined) {
      if (now - this.#firstAt >= WARM_UP_MS) this.#from = now;
      return undefined;
    }
    this.#bytes += bytes;
    const elapsed = now - this.#from;
    if (elapsed <= MEASURE_MS / 2) this.#early = { bytes: this.#bytes, ms: elapsed };
    if (elapsed < MEASURE_MS) return undefined;
    const rate = (this.#bytes * 1_000) / elapsed;
    this.#stretches++;
    this.#isRising = this.#becameFaster(elapsed);
    this.#from = now;
    this.#bytes = 0;
    this.#early = { bytes: 0, ms: 0 };
    return rate;
  }

  /** From one part of the stretch to the other; each is as long as its blocks took, as on a thin line there are few of them. */
  #becameFaster(elapsed: Millis): boolean {
    const { bytes, ms } = this.#early;
    return (this.#bytes - bytes) * ms > CLEARLY_FASTER * bytes * (elapsed - ms);
  }
}
