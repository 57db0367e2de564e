// When the next part of a block may go over a bulk connection whose line takes long for a whole one. What the line holds by itself
// may be on the way, and a little queue: TCP below would fill all the queue there is, and what people write waits in it. Counts tell
// of whole blocks only; between two of them the line is taken to go on as quickly as it did, for one block at most. Where TCP loses
// much, more is on the way, or the line would be idle: what waits behind a loss is no queue.

import type { Millis } from '../../base/clock.ts';
import { BulkRate } from './bulkRate.ts';
import {
  BULK_BLOCK_SLICES,
  BULK_CHANCE_MS,
  BULK_LEAST_MS,
  BULK_LEAST_SLICES,
  BULK_LOSSY_BLOCK_MS,
  BULK_LOSSY_WAYS,
  BULK_MEASURE_MS,
  BULK_THIN_BLOCK_MS,
  BULK_THIN_QUEUE_MS,
} from './carrierParams.ts';
import { CountLumps } from './countLumps.ts';

/** How much quicker than the line slices may follow one another, so that a late timer costs nothing. */
const HURRY = 2;
const SLICE = 1 / BULK_BLOCK_SLICES;

interface OnTheWay {
  readonly index: number;
  readonly firstAt: Millis;
  lastAt: Millis;
}

/** All amounts are in blocks. */
export class ThinLine {
  readonly #rate = new BulkRate();
  readonly #lumps = new CountLumps();
  readonly #onTheWay: OnTheWay[] = [];
  /** What is missing of the last one of them. */
  #rest = 0;
  #countedAt: Millis = 0;
  #nextAt: Millis = 0;
  /** From the last slice of a block to its count. */
  #quickest: { readonly tookMs: Millis; readonly at: Millis } | undefined;
  /** No new block until nothing is on the way: the next one meets an empty line … */
  #isEmptying = false;
  /** … and says how long the way is, sent no quicker than the line. */
  #probe: number | undefined;

  /** Whether blocks go in slices. In lumps, four in a row may seem many times as quick as the line. */
  get isThin(): boolean {
    return this.#lumps.areMany ? this.#rate.meanMs > BULK_LOSSY_BLOCK_MS : this.#blockMs > BULK_THIN_BLOCK_MS;
  }

  /** When the next slice may go; undefined: not before a count. */
  get sliceAt(): Millis | undefined {
    const [oldest] = this.#onTheWay;
    if (oldest === undefined) return this.#nextAt;
    if (this.#isEmptying && this.#rest === 0) return undefined;
    const beyond = this.#onTheWay.length - this.#rest + SLICE - this.#window;
    if (beyond > 1) return undefined;
    if (beyond <= 0) return this.#nextAt;
    return Math.max(this.#nextAt, this.#arrivingFrom(oldest) + beyond * this.#blockMs);
  }

  /** Blocks go in order, with gaps; `rest` of this one is still to go. */
  handedOver(index: number, rest: number, now: Millis): void {
    const last = this.#onTheWay.at(-1);
    if (last !== undefined && this.#rest > 0) last.lastAt = now;
    else this.#begin(index, now);
    this.#rest = rest;
    this.#nextAt = now + (SLICE * this.#blockMs) / (this.#probe === undefined ? HURRY : 1);
  }

  /** All blocks below `blocks` are on the disk there. */
  counted(blocks: number, now: Millis): void {
    const first = this.#onTheWay.findIndex(({ index }) => index >= blocks);
    const arrived = this.#onTheWay.splice(0, first < 0 ? this.#onTheWay.length : first);
    const last = arrived.at(-1);
    if (last === undefined) return;
    if (this.#isMeasured) this.#lumps.counted(arrived.length, now - this.#countedAt, this.#blockMs);
    this.#countedAt = now;
    this.#rate.counted(arrived.length, now);
    if (this.isThin) return this.#learn(last, now);
    this.#isEmptying = false;
    this.#probe = undefined;
    this.#lumps.forget();
  }

  /** Before, it may be what TCP loses at its start, in a queue that it fills by itself. */
  get #isMeasured(): boolean {
    return this.isThin && this.#quickest !== undefined && !this.#isEmptying && this.#probe === undefined;
  }

  /** A line that nobody has found to be thin has none. */
  get #blockMs(): Millis {
    return this.#rate.blockMs ?? 0;
  }

  /** From when on parts of the oldest block arrive: behind the block before it, or when its first slice has had its way. */
  #arrivingFrom({ firstAt }: OnTheWay): Millis {
    return Math.max(this.#countedAt, firstAt + (this.#quickest?.tookMs ?? 0) - SLICE * this.#blockMs);
  }

  /** As many as fill the line, and a little queue; where it loses much, what waits behind that, too. */
  get #window(): number {
    if (this.#quickest === undefined) return Number.POSITIVE_INFINITY;
    const ways = this.#lumps.areMany ? BULK_LOSSY_WAYS : 1;
    const holds = (ways * this.#quickest.tookMs + BULK_THIN_QUEUE_MS) / this.#blockMs;
    const least = Math.min(
      BULK_LEAST_SLICES * SLICE,
      (this.#quickest.tookMs + BULK_LEAST_MS) / this.#blockMs,
    );
    return Math.max(SLICE, least, holds);
  }

  #begin(index: number, now: Millis): void {
    this.#rate.handedOver(now);
    if (this.#isEmptying && this.#onTheWay.length === 0) {
      this.#isEmptying = false;
      this.#probe = index;
    }
    this.#onTheWay.push({ index, firstAt: now, lastAt: now });
  }

  #learn({ index, lastAt }: OnTheWay, now: Millis): void {
    const tookMs = now - lastAt;
    const isProbe = this.#probe !== undefined && index >= this.#probe;
    if (isProbe) this.#probe = undefined;
    const known = this.#quickest;
    if (isProbe || (known !== undefined && tookMs <= known.tookMs + BULK_CHANCE_MS))
      this.#quickest = { tookMs: isProbe ? tookMs : Math.min(tookMs, known?.tookMs ?? tookMs), at: now };
    else if (this.#probe === undefined && now - (known?.at ?? -BULK_MEASURE_MS) >= BULK_MEASURE_MS)
      this.#isEmptying = true;
  }
}
