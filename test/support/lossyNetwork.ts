// One direction of a network that does what networks do, in virtual time and the same for the same seed.

import type { Millis } from '../../src/base/clock.ts';
import type { VirtualTime } from './virtualTime.ts';

/** Shares are from 0 to 1, of the datagrams sent. */
export interface Conditions {
  readonly latencyMs: Millis;
  /** Up to so much more, evenly spread; what is late is overtaken. */
  readonly jitterMs?: Millis;
  /** Up to so much more or less, on the way to another value in each period; nothing is overtaken for that. */
  readonly wander?: { readonly ms: Millis; readonly periodMs: Millis };
  readonly loss?: number;
  /** Loss in lots: the share of datagrams that begin one, and how many are lost in it on average. */
  readonly bursts?: { readonly share: number; readonly length: number };
  readonly duplicate?: number;
  /** Held back by REORDER_MS. */
  readonly reorder?: number;
  /** One bit flipped, in a way that the checksum of UDP does not see. */
  readonly corrupt?: number;
  /** Larger datagrams vanish, as in a black hole. */
  readonly mtuBytes?: number;
  /** A line of this many bytes per ms … */
  readonly bytesPerMs?: number;
  /** … with room for so many bytes before it; what does not fit is dropped. */
  readonly queueBytes?: number;
}

const REORDER_MS = 3;

export class LossyPath {
  readonly #time: VirtualTime;
  readonly #random: () => number;
  readonly #deliver: (bytes: Uint8Array) => void;
  readonly counts = { sent: 0, delivered: 0, lost: 0, overflowed: 0 };
  /** May change at any time; a path that is cut loses all. */
  conditions: Conditions;
  isCut = false;
  #lineFreeAt: Millis = 0;
  #burstLeft = 0;
  /** From one value at one time to another. */
  #wandering = { from: 0, to: 0, since: 0, until: 0 };
  #lastArrival: Millis = 0;

  constructor(
    time: VirtualTime,
    random: () => number,
    conditions: Conditions,
    deliver: (bytes: Uint8Array) => void,
  ) {
    this.#time = time;
    this.#random = random;
    this.conditions = conditions;
    this.#deliver = deliver;
  }

  /** How long what is sent now would wait before the line. */
  get queueMs(): Millis {
    return Math.max(0, this.#lineFreeAt - this.#time.now());
  }

  /** Copies the bytes, as a network does. */
  send(bytes: Uint8Array): void {
    this.counts.sent++;
    const { mtuBytes = Number.POSITIVE_INFINITY, duplicate = 0 } = this.conditions;
    const isLost = this.#isLost();
    const leavesAt = this.#leavesLineAt(bytes.length);
    if (leavesAt === undefined) this.counts.overflowed++;
    else if (isLost || bytes.length > mtuBytes) this.counts.lost++;
    else {
      this.#arrive(bytes, leavesAt);
      if (this.#chance(duplicate)) this.#arrive(bytes, leavesAt);
    }
  }

  #arrive(bytes: Uint8Array, leavesAt: Millis): void {
    const { latencyMs, jitterMs = 0, reorder = 0, corrupt = 0 } = this.conditions;
    const copy = Uint8Array.from(bytes);
    if (this.#chance(corrupt)) this.#flipBit(copy);
    const lateMs = jitterMs * this.#random() + (this.#chance(reorder) ? REORDER_MS : 0);
    this.#lastArrival = Math.max(this.#lastArrival, leavesAt + latencyMs + this.#wanderMs(leavesAt));
    this.#time.plan(this.#lastArrival + lateMs, () => {
      this.counts.delivered++;
      this.#deliver(copy);
    });
  }

  #wanderMs(at: Millis): Millis {
    const { wander } = this.conditions;
    if (wander === undefined) return 0;
    const { ms, periodMs } = wander;
    if (at >= this.#wandering.until) {
      const to = ms * (2 * this.#random() - 1);
      this.#wandering = { from: this.#wandering.to, to, since: at, until: at + periodMs };
    }
    const { from, to, since } = this.#wandering;
    return from + ((to - from) * (at - since)) / periodMs;
  }

  /** When the line has sent so many bytes more; undefined when its queue is full. */
  #leavesLineAt(bytes: number): Millis | undefined {
    const { bytesPerMs = Number.POSITIVE_INFINITY, queueBytes = Number.POSITIVE_INFINITY } = this.conditions;
    const startsAt = Math.max(this.#time.now(), this.#lineFreeAt);
    if ((startsAt - this.#time.now()) * bytesPerMs > queueBytes) return undefined;
    this.#lineFreeAt = startsAt + bytes / bytesPerMs;
    return this.#lineFreeAt;
  }

  #isLost(): boolean {
    const { loss = 0, bursts } = this.conditions;
    if (this.#burstLeft > 0) {
      this.#burstLeft--;
      return true;
    }
    if (bursts !== undefined && this.#chance(bursts.share)) {
      this.#burstLeft = Math.floor(2 * bursts.length * this.#random());
      return true;
    }
    return this.isCut || this.#chance(loss);
  }

  #chance(share: number): boolean {
    return share > 0 && this.#random() < share;
  }

  #flipBit(bytes: Uint8Array): void {
    const at = Math.floor(this.#random() * bytes.length);
    bytes[at] = (bytes[at] as number) ^ (1 << Math.floor(this.#random() * 8));
  }
}
