// What has come of a block that is not whole yet, and how long one takes at that pace.

import type { Millis } from '../../base/clock.ts';
import { BLOCK_BYTES } from './params.ts';

export class BlockParts {
  #bytes = 0;
  #firstAt: Millis = 0;
  #lastAt: Millis = 0;

  /** The next block is waited for. */
  begin(): void {
    this.#bytes = 0;
  }

  add(bytes: number, now: Millis): void {
    if (this.#bytes === 0) this.#firstAt = now;
    this.#bytes += bytes;
    this.#lastAt = now;
  }

  get areThere(): boolean {
    return this.#bytes > 0;
  }

  /** Of whichever block. */
  get lastAt(): Millis {
    return this.#lastAt;
  }

  /** How long a block takes of which this came since `from`, or since the first part of it. */
  blockMs(from = this.#firstAt): Millis {
    return ((this.#lastAt - from) * BLOCK_BYTES) / this.#bytes;
  }
}
