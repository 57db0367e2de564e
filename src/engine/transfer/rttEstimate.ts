// The round trip as sampled by acknowledgements (RFC 9002 section 5).

import type { Millis } from '../../base/clock.ts';
import { FIRST_RTT_MS, GRANULARITY_MS, MAX_ACK_DELAY_MS } from './params.ts';

export class RttEstimate {
  #smoothedMs = FIRST_RTT_MS;
  #variationMs = FIRST_RTT_MS / 2;
  #latestMs = FIRST_RTT_MS;
  #minMs = Number.POSITIVE_INFINITY;

  get hasSample(): boolean {
    return this.#minMs !== Number.POSITIVE_INFINITY;
  }

  get smoothedMs(): Millis {
    return this.#smoothedMs;
  }

  get latestMs(): Millis {
    return this.#latestMs;
  }

  /** The smoothed one, or the latest if that is longer: what loss detection waits by. */
  get longerMs(): Millis {
    return Math.max(this.#smoothedMs, this.#latestMs);
  }

  /** `sampleMs` from sending to the acknowledgement, of which the receiver says that it waited `delayMs`. */
  update(sampleMs: Millis, delayMs: Millis): void {
    this.#latestMs = sampleMs;
    if (!this.hasSample) {
      this.#start(sampleMs);
      return;
    }
    this.#minMs = Math.min(this.#minMs, sampleMs);
    // A receiver cannot talk the estimate below what was seen.
    const adjustedMs = sampleMs - delayMs >= this.#minMs ? sampleMs - delayMs : sampleMs;
    this.#variationMs += (Math.abs(this.#smoothedMs - adjustedMs) - this.#variationMs) / 4;
    this.#smoothedMs += (adjustedMs - this.#smoothedMs) / 8;
  }

  /** How long after the last datagram its acknowledgement is overdue (RFC 9002 section 6.2.1). */
  get probeTimeoutMs(): Millis {
    return this.#smoothedMs + Math.max(4 * this.#variationMs, GRANULARITY_MS) + MAX_ACK_DELAY_MS;
  }

  #start(sampleMs: Millis): void {
    this.#minMs = sampleMs;
    this.#smoothedMs = sampleMs;
    this.#variationMs = sampleMs / 2;
  }
}
