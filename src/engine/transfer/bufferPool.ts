// Buffers of one size, used again: fresh memory costs more than what is done with it.

import { giveBack } from '../../base/giveBack.ts';
import { BLOCK_BYTES, KEPT_BLOCKS, TAG_BYTES } from './params.ts';

export class BufferPool {
  readonly #bytes: number;
  readonly #most: number;
  readonly #free: Buffer[] = [];

  /** At most `most` buffers are kept. */
  constructor(bytes: number, most: number) {
    this.#bytes = bytes;
    this.#most = most;
  }

  /** For sealed blocks; one for all sessions of an engine. */
  static ofSealedBlocks(): BufferPool {
    return new BufferPool(BLOCK_BYTES + TAG_BYTES, KEPT_BLOCKS);
  }

  /** The buffer given back last, which is the likeliest to be in the processor's cache. Holds old bytes. */
  take(): Buffer {
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(this.#bytes);
  }

  /** Nobody looks at it any more: if it is not kept, it is gone. */
  give(buffer: Buffer): void {
    if (this.#free.length < this.#most) this.#free.push(buffer);
    else giveBack(buffer);
  }
}
