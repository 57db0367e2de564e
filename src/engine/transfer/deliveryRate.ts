// How fast the path delivers, sampled by what was acknowledged between the sending of a datagram and its acknowledgement
// (draft-ietf-ccwg-bbr section 4.1.1).

import type { Millis } from '../../base/clock.ts';

/**
 * Datagrams sent within these ms share a mark. On a path with a round trip of a fraction of a millisecond a sample of one
 * round trip measures the scheduling of two processes; over some milliseconds it measures the path.
 */
const MARK_MS = 4;
/** Samples over less time than this are not used. */
const MIN_SAMPLE_MS = 2;

/** The state of delivery at the time a datagram was sent. */
export interface DeliveryMark {
  readonly delivered: number;
  readonly deliveredAt: Millis;
  /** When what was delivered last was sent. */
  readonly sentAt: Millis;
  /** The sender had less to send than the path takes: the draft's app-limited. */
  readonly isLimited: boolean;
  readonly madeAt: Millis;
}

export interface RateSample {
  /** Bytes per ms. */
  readonly rate: number;
  readonly isLimited: boolean;
}

export class DeliveryRate {
  #delivered = 0;
  #deliveredAt: Millis = 0;
  #sentAt: Millis = 0;
  #limitedUntil = 0;
  #mark: DeliveryMark | undefined;

  /** Bytes acknowledged so far. */
  get delivered(): number {
    return this.#delivered;
  }

  /** For a datagram that is sent now; `isIdle`: nothing was in flight, so that the time before it does not count. */
  markFor(now: Millis, isIdle: boolean): DeliveryMark {
    if (isIdle) {
      this.#deliveredAt = now;
      this.#sentAt = now;
    }
    if (this.#mark === undefined || isIdle || now - this.#mark.madeAt >= MARK_MS)
      this.#mark = this.#newMark(now);
    return this.#mark;
  }

  /** What is in flight is all there is to send: samples of it say little. */
  onLimited(inFlightBytes: number): void {
    this.#limitedUntil = this.#delivered + inFlightBytes;
  }

  /** After `bytes` were acknowledged at once, the newest datagram of which was sent at `sentAt` with `mark`. */
  onDelivered(bytes: number, mark: DeliveryMark, sentAt: Millis, now: Millis): RateSample | undefined {
    this.#delivered += bytes;
    this.#deliveredAt = now;
    this.#sentAt = Math.max(this.#sentAt, sentAt);
    // The slower of sending and delivering: bursts of acknowledgements do not make a fast path.
    const passedMs = Math.max(sentAt - mark.sentAt, now - mark.deliveredAt);
    if (passedMs < MIN_SAMPLE_MS) return undefined;
    return { rate: (this.#delivered - mark.delivered) / passedMs, isLimited: mark.isLimited };
  }

  #newMark(now: Millis): DeliveryMark {
    return {
      delivered: this.#delivered,
      deliveredAt: this.#deliveredAt,
      sentAt: this.#sentAt,
      isLimited: this.#limitedUntil > this.#delivered,
      madeAt: now,
    };
  }
}
