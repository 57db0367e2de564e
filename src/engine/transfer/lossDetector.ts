// Which datagrams in flight are lost (RFC 9002 section 6.1), and when to probe (6.2). It learns how far the path reorders.

import type { Millis } from '../../base/clock.ts';
import {
  GRANULARITY_MS,
  MAX_PACKET_THRESHOLD,
  MAX_PROBE_MS,
  PACKET_THRESHOLD,
  TIME_THRESHOLD,
} from './params.ts';
import type { RttEstimate } from './rttEstimate.ts';
import type { SentHistory } from './sentHistory.ts';

export class LossDetector {
  readonly #history: SentHistory;
  readonly #rtt: RttEstimate;
  #packetThreshold = PACKET_THRESHOLD;
  #patienceMs = 0;
  #largestAcked = -1;
  #lossAt: Millis | undefined;
  #probesUnanswered = 0;

  constructor(history: SentHistory, rtt: RttEstimate) {
    this.#history = history;
    this.#rtt = rtt;
  }

  /** When `detect` has something to find even if nothing more is acknowledged. */
  get lossAt(): Millis | undefined {
    return this.#lossAt;
  }

  get probesUnanswered(): number {
    return this.#probesUnanswered;
  }

  onAcked(number: number): void {
    this.#largestAcked = Math.max(this.#largestAcked, number);
    this.#probesUnanswered = 0;
  }

  /** A datagram taken for lost was acknowledged after all: the path reorders that far, so wait that long from now on. */
  onSpurious(number: number, now: Millis): void {
    const distance = this.#largestAcked - number + 1;
    this.#packetThreshold = Math.min(MAX_PACKET_THRESHOLD, Math.max(this.#packetThreshold, distance));
    const lateMs = now - this.#history.sentAt(number) - this.#rtt.longerMs * TIME_THRESHOLD;
    this.#patienceMs = Math.min(this.#rtt.smoothedMs, Math.max(this.#patienceMs, lateMs));
  }

  /** Calls `onLost` for each datagram that is lost by now. */
  detect(now: Millis, onLost: (number: number) => void): void {
    this.#lossAt = undefined;
    const waitMs = this.#waitMs();
    // Both rules hold for every older datagram once they hold for one, so the first that is spared ends the search.
    for (let number = this.#history.oldest; number < this.#largestAcked; number++) {
      if (!this.#history.isInFlight(number)) continue;
      const lossAt = this.#history.sentAt(number) + waitMs;
      if (this.#largestAcked - number < this.#packetThreshold && lossAt > now) {
        this.#lossAt = lossAt;
        return;
      }
      this.#history.markLost(number);
      onLost(number);
    }
  }

  /**
   * When what was sent last at `sentAt` is to be asked after. Doubles with each probe that is not answered, up to MAX_PROBE_MS. But none goes
   * before an answer could have come: over a line that takes longer for one than that, probes would fill it and nothing else.
   */
  probeAt(sentAt: Millis): Millis {
    const { probeTimeoutMs } = this.#rtt;
    const doubledMs = probeTimeoutMs * 2 ** this.#probesUnanswered;
    return sentAt + Math.max(probeTimeoutMs, Math.min(MAX_PROBE_MS, doubledMs));
  }

  onProbe(): void {
    this.#probesUnanswered++;
  }

  #waitMs(): Millis {
    return Math.max(GRANULARITY_MS, this.#rtt.longerMs * TIME_THRESHOLD + this.#patienceMs);
  }
}
