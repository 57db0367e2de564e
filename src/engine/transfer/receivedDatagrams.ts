// Which datagram numbers came, and when the sender must be told: after some of them, after a moment, or at once about a hole.

import type { Millis } from '../../base/clock.ts';
import { type Range, RangeSet } from '../../base/rangeSet.ts';
import { MAX_ACK_RANGES } from '../../wire/ackDatagram.ts';
import { ACK_BYTES, ACK_DATAGRAMS, ACK_DELAY_MS, ACK_SPACING_MS } from './params.ts';

export class ReceivedDatagrams {
  readonly #numbers = new RangeSet();
  #highest = -1;
  #highestAt: Millis = 0;
  #unacked = 0;
  #unackedBytes = 0;
  #ackAt: Millis | undefined;
  #lastAckAt: Millis = Number.NEGATIVE_INFINITY;
  #nextAck = 0;

  /** When an acknowledgement is due; undefined when there is nothing to tell. */
  get ackAt(): Millis | undefined {
    return this.#ackAt;
  }

  /** The number of the next acknowledgement. */
  get nextAck(): number {
    return this.#nextAck;
  }

  /** Highest first, at most MAX_ACK_RANGES: a bound on what losses and forged numbers can make this keep. */
  get ranges(): Range[] {
    return this.#numbers.ranges.toReversed();
  }

  /** How long the highest number has waited for its acknowledgement. */
  delayMs(now: Millis): Millis {
    return now - this.#highestAt;
  }

  add(number: number, bytes: number, now: Millis): void {
    const isInOrder = number === this.#highest + 1;
    if (number > this.#highest) {
      this.#highest = number;
      this.#highestAt = now;
    }
    this.#numbers.add(number);
    this.#numbers.keepHighest(MAX_ACK_RANGES);
    this.#unacked++;
    this.#unackedBytes += bytes;
    if (this.#unacked >= ACK_DATAGRAMS || this.#unackedBytes >= ACK_BYTES) this.#ackAt = now;
    else if (isInOrder) this.#ackBy(now + ACK_DELAY_MS);
    else this.ackSoon(now);
  }

  /** Numbers that anybody can have made are worth nothing once somebody forges; the sender sends again what it hears nothing of. */
  forget(): void {
    this.#numbers.clear();
    this.#highest = -1;
  }

  /** Something happened that the sender should know, but not more often than it helps. */
  ackSoon(now: Millis): void {
    this.#ackBy(Math.max(now, this.#lastAckAt + ACK_SPACING_MS));
  }

  /** Whoever probes waits for it, and has several so that one gets through. */
  ackAtOnce(now: Millis): void {
    this.#ackBy(now);
  }

  onAcked(now: Millis): void {
    this.#unacked = 0;
    this.#unackedBytes = 0;
    this.#ackAt = undefined;
    this.#lastAckAt = now;
    this.#nextAck++;
  }

  #ackBy(at: Millis): void {
    this.#ackAt = Math.min(at, this.#ackAt ?? at);
  }
}
