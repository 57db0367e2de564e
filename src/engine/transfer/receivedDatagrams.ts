// Which datagram numbers came, and when the sender must be told: after some of them, after a moment, or at once about a hole.

import type { Millis } from '../../base/clock.ts';
import { type Range, RangeSet } from '../../base/rangeSet.ts';
import { MAX_ACK_RANGES } from '../../wire/ackDatagram.ts';
import { ACK_BYTES, ACK_DATAGRAMS, ACK_DELAY_MS, ACK_SPACING_MS, ANSWER_TIMES } from './params.ts';

export class ReceivedDatagrams {
  readonly #numbers = new RangeSet();
  #highest = -1;
  #highestAt: Millis = 0;
  #unacked = 0;
  /** Of these, and of what was refused. */
  #unansweredBytes = 0;
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

  /** The longest that the next one may be: a bound on what a sender makes go to where others are. None where nothing came to be answered. */
  get mostAckBytes(): number {
    return this.#unansweredBytes === 0 ? Number.POSITIVE_INFINITY : ANSWER_TIMES * this.#unansweredBytes;
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
    this.#unansweredBytes += bytes;
    if (this.#unacked >= ACK_DATAGRAMS || this.#unansweredBytes >= ACK_BYTES) this.#ackAt = now;
    else if (isInOrder) this.#ackBy(now + ACK_DELAY_MS);
    else this.ackSoon(now);
  }

  /** Not acknowledged, or the sender would think that it is here; but told how things stand. */
  refuse(bytes: number, now: Millis): void {
    this.#unansweredBytes += bytes;
    this.ackSoon(now);
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
    this.#unansweredBytes = 0;
    this.#ackAt = undefined;
    this.#lastAckAt = now;
    this.#nextAck++;
  }

  #ackBy(at: Millis): void {
    this.#ackAt = Math.min(at, this.#ackAt ?? at);
  }
}
