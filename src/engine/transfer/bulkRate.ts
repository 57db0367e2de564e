// How quickly blocks come out at the other end of a bulk connection, from the counts alone.

import type { Millis } from '../../base/clock.ts';
import { BULK_RATE_BLOCKS, BULK_RATE_SAMPLES, BULK_SLOW_BLOCK_MS } from './carrierParams.ts';

/** Slower than this many times what it was is as fast as it was: then it is the line that sets the rate, not the start of TCP. */
const GROWTH = 1.25;

interface Mark {
  /** In all. */
  readonly blocks: number;
  readonly at: Millis;
  /** What one of the last `BULK_RATE_BLOCKS` or more has taken. */
  readonly blockMs: Millis | undefined;
}

export class BulkRate {
  #marks: readonly Mark[] = [];
  #beganAt: Millis | undefined;
  #isSteady = false;
  #blockMs: Millis | undefined;

  /** What a block takes when blocks follow one another, at its quickest of late; undefined until the rate has ceased to grow once. */
  get blockMs(): Millis | undefined {
    return this.#blockMs;
  }

  /** What one has taken over all of the last counts, in lumps or not; 0 until there are two. */
  get meanMs(): Millis {
    const [first, last] = [this.#marks[0], this.#marks.at(-1)];
    if (first === undefined || last === undefined || first === last) return 0;
    return (last.at - first.at) / (last.blocks - first.blocks);
  }

  /** A block goes. */
  handedOver(now: Millis): void {
    this.#beganAt ??= now;
  }

  counted(blocks: number, now: Millis): void {
    const all = (this.#marks.at(-1)?.blocks ?? 0) + blocks;
    const since = this.#marks.findLast((mark) => all - mark.blocks >= BULK_RATE_BLOCKS);
    const blockMs =
      since === undefined ? this.#slowFirst(blocks, now) : (now - since.at) / (all - since.blocks);
    const before = since === undefined ? 0 : (since.blockMs ?? Number.POSITIVE_INFINITY);
    if (blockMs !== undefined && blockMs * GROWTH > before) this.#isSteady = true;
    this.#marks = [...this.#marks, { blocks: all, at: now, blockMs }].slice(-BULK_RATE_SAMPLES);
    if (this.#isSteady) this.#blockMs = quickestMs(this.#marks);
  }

  /** What each block of the first count has taken, where the start of TCP alone never takes so long. */
  #slowFirst(blocks: number, now: Millis): Millis | undefined {
    if (this.#marks.length > 0 || this.#beganAt === undefined) return undefined;
    const blockMs = (now - this.#beganAt) / blocks;
    return blockMs < BULK_SLOW_BLOCK_MS ? undefined : blockMs;
  }
}

function quickestMs(marks: readonly Mark[]): Millis {
  return Math.min(...marks.map(({ blockMs }) => blockMs ?? Number.POSITIVE_INFINITY));
}
