// Pieces that go out whatever window and pacer say, because nothing was heard for too long (RFC 9002 section 6.2).

import { MIN_PROBE_DATAGRAMS } from './params.ts';
import type { PieceAt, SealedBlocks } from './sealedBlocks.ts';
import type { SentHistory } from './sentHistory.ts';

export class TailProbes {
  readonly #blocks: SealedBlocks;
  /** As the blocks name them. */
  readonly #names: number[] = [];

  constructor(blocks: SealedBlocks) {
    this.#blocks = blocks;
  }

  get isEmpty(): boolean {
    return this.#names.length === 0;
  }

  add(at: PieceAt): void {
    this.#names.push(this.#blocks.nameOf(at));
  }

  /**
   * The oldest in flight, `most` of them, and the same twice where there are too few. False where nothing of what is in flight is still
   * of use: its blocks were verified or cut anew meanwhile.
   */
  addOldest(history: SentHistory, most: number): boolean {
    this.#names.length = 0;
    for (let number = history.oldest; number < history.next && this.#names.length < most; number++) {
      const name = history.piece(number);
      if (history.isInFlight(number) && this.#blocks.blockOf(name) !== undefined) this.#names.push(name);
    }
    const [first] = this.#names;
    if (first === undefined) return false;
    while (this.#names.length < MIN_PROBE_DATAGRAMS) this.#names.push(first);
    return true;
  }

  /** Without those whose block was verified meanwhile, or cut anew into fewer pieces. */
  next(): PieceAt | undefined {
    for (let name = this.#names.shift(); name !== undefined; name = this.#names.shift()) {
      const block = this.#blocks.blockOf(name);
      const piece = this.#blocks.pieceOf(name);
      if (block !== undefined && piece < block.pieceCount) return { block, piece };
    }
    return undefined;
  }
}
