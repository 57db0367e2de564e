// Whether TCP below waits behind what it has lost: then nothing is counted for a round trip, and what came meanwhile all at once,
// quicker than the line carries it. What waits in a queue comes one block after the other, as slowly as the line, whoever fills it.

import type { Millis } from '../../base/clock.ts';

/** A block that comes in less than this share of what the line takes for it was there before. */
const TOO_QUICK = 0.75;
/** Of so many counts … */
const COUNTS = 32;
/** … so many in lumps are more than a process or a disk that is late for a moment, or a queue that has run over once. */
const MANY = 4;

export class CountLumps {
  #areLumps: readonly boolean[] = [];

  /** Until `forget`, or until few of the last counts were lumps. */
  get areMany(): boolean {
    return this.#areLumps.filter((isLump) => isLump).length >= MANY;
  }

  /** `blocks` in one count, `sinceMs` after the one before; the line takes `blockMs` for each. */
  counted(blocks: number, sinceMs: Millis, blockMs: Millis): void {
    const isLump = blocks > 1 || sinceMs < TOO_QUICK * blockMs;
    this.#areLumps = [...this.#areLumps, isLump].slice(-COUNTS);
  }

  forget(): void {
    this.#areLumps = [];
  }
}
