// How many blocks may be on the way over a bulk connection, from the hands of this side to the other one's disk. TCP below fills
// whatever queue there is in front of a narrow line, and what people write waits in it; so this side holds back what would only wait
// there. After LEDBAT (RFC 6817) and LEDBAT++: what a block takes longer than the quickest one did is queue, and of that there is a
// bound. The line runs empty now and then, or a queue that is always there would be taken for the line. Where whole blocks are too
// much for a line, thinLine.ts says more exactly what may go.

import type { Millis } from '../../base/clock.ts';
import {
  BULK_CHANCE_MS,
  BULK_FIRST_BLOCKS,
  BULK_LEAST_BLOCKS,
  BULK_MEASURE_MS,
  BULK_PASS_MS,
  BULK_QUEUE_MS,
} from './carrierParams.ts';

interface OnTheWay {
  readonly index: number;
  readonly since: Millis;
}

export class BulkWindow {
  readonly #onTheWay: OnTheWay[] = [];
  #quickest: { readonly tookMs: Millis; readonly at: Millis } | undefined;
  /** Until nothing is on the way any more: what goes next meets an empty line. */
  #isMeasuring = false;
  /** No whole number: it grows by less than a block, too. */
  #blocks = 1;
  /** Until this block has arrived, what arrives was sent before there were fewer, and says nothing of that. */
  #shrunkAt = -1;

  get hasRoom(): boolean {
    return this.#onTheWay.length < (this.#isMeasuring ? 1 : Math.floor(this.#blocks));
  }

  /** Blocks go in order, with gaps. */
  handedOver(index: number, now: Millis): void {
    this.#onTheWay.push({ index, since: now });
  }

  /** The socket has passed a block on: before any is counted, that is all that is known of the line. */
  passedOn(now: Millis): void {
    const last = this.#onTheWay.at(-1);
    if (this.#quickest !== undefined || last === undefined || now - last.since > BULK_PASS_MS) return;
    this.#blocks = Math.min(BULK_FIRST_BLOCKS, this.#blocks + 1);
  }

  /** All blocks below `blocks` are on the disk there. The last of them says how long they take: it waited for no other to be counted. */
  counted(blocks: number, now: Millis): void {
    const used = this.#onTheWay.length;
    const first = this.#onTheWay.findIndex(({ index }) => index >= blocks);
    const arrived = this.#onTheWay.splice(0, first < 0 ? used : first);
    const last = arrived.at(-1);
    if (last === undefined) return;
    const tookMs = now - last.since;
    const queueMs = tookMs - this.#learn(tookMs, used === 1, now);
    if (queueMs > BULK_QUEUE_MS) this.#shrink(last.index, used, 1 - (queueMs - BULK_QUEUE_MS) / tookMs);
    else this.#grow(used, arrived.length * (1 - queueMs / BULK_QUEUE_MS));
  }

  /** What the quickest block took, with this one; `wasLast`: nothing else is on the way. */
  #learn(tookMs: Millis, wasLast: boolean, now: Millis): Millis {
    const isMeasured = this.#isMeasuring && wasLast;
    if (isMeasured) this.#isMeasuring = false;
    const known = isMeasured ? undefined : this.#quickest;
    const quickestMs = Math.min(tookMs, known?.tookMs ?? tookMs);
    if (known === undefined || tookMs <= known.tookMs + BULK_CHANCE_MS)
      this.#quickest = { tookMs: quickestMs, at: now };
    else if (now - known.at >= BULK_MEASURE_MS) this.#isMeasuring = true;
    return quickestMs;
  }

  /** Only while they are what holds the sender back: a slow disk at this end says nothing of the line. */
  #grow(used: number, blocks: number): void {
    if (used * 2 > this.#blocks) this.#blocks += blocks;
  }

  /** To as many as would have taken no longer than they may, once in each round trip. */
  #shrink(index: number, used: number, factor: number): void {
    if (index <= this.#shrunkAt) return;
    this.#shrunkAt = this.#onTheWay.at(-1)?.index ?? index;
    this.#blocks = Math.max(BULK_LEAST_BLOCKS, Math.min(this.#blocks, used) * factor);
  }
}
