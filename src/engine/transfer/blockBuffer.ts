// One sealed block as it comes together from its pieces, in any order and more than once.

import { RangeSet } from '../../base/rangeSet.ts';
import type { BufferPool } from './bufferPool.ts';
import { MIN_PIECE_BYTES } from './params.ts';

export class BlockBuffer {
  readonly #pool: BufferPool;
  readonly #sealedBytes: number;
  readonly #there = new RangeSet();
  #space: Buffer | undefined;

  /** Takes its memory from `pool` with the first piece. */
  constructor(pool: BufferPool, sealedBytes: number) {
    this.#pool = pool;
    this.#sealedBytes = sealedBytes;
  }

  get isWhole(): boolean {
    return this.#there.size === this.#sealedBytes;
  }

  /** How much of it is there. */
  get filledBytes(): number {
    return this.#there.size;
  }

  /** Ciphertext and tag, once it is whole. */
  get sealed(): Buffer {
    return this.#memory().subarray(0, this.#sealedBytes);
  }

  /** Whether a piece may lie there. Small pieces are allowed at the end alone: a bound on how many ranges there can be. */
  fits(offset: number, length: number): boolean {
    const end = offset + length;
    return end <= this.#sealedBytes && (length >= MIN_PIECE_BYTES || end === this.#sealedBytes);
  }

  /**
   * Copies a piece that fits: `bytes` from `start` to `end`. What is there already is not overwritten by a piece that is wholly there. How
   * many bytes were not there.
   */
  add(offset: number, bytes: Buffer, start = 0, end = bytes.length): number {
    const added = this.#there.add(offset, offset + end - start);
    if (added > 0) bytes.copy(this.#memory(), offset, start, end);
    return added;
  }

  clear(): void {
    this.#there.clear();
  }

  /** Gives the memory back. Nothing may be asked of it after that. */
  release(): void {
    this.#pool.give(this.#memory());
  }

  #memory(): Buffer {
    this.#space ??= this.#pool.take();
    return this.#space;
  }
}
