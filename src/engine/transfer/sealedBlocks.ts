// The sender's window: blocks that are sealed and not verified by the receiver yet, so that sending again never reads or seals again.

import type { KeyObject } from 'node:crypto';
import { sealBlock } from './blockSeal.ts';
import { blockLength, sealedLength } from './blocks.ts';
import { BufferPool } from './bufferPool.ts';
import { BLOCK_BYTES, MIN_PIECE_BYTES, TAG_BYTES } from './params.ts';

/** More than the pieces of any block; a piece of the file is named by block * this + piece. */
const PIECES_PER_BLOCK = 1 + Math.ceil((BLOCK_BYTES + TAG_BYTES) / MIN_PIECE_BYTES);

export interface SealedBlock {
  readonly index: number;
  /** Ciphertext and tag. */
  readonly sealed: Buffer;
  readonly pieceCount: number;
  /** Of each piece but the last. */
  readonly pieceBytes: number;
  /** By piece: 1 where the receiver has it. */
  readonly isThere: Uint8Array;
  /** How often the receiver has found its tag wrong, as far as it was sent again. */
  timesDamaged: number;
  readonly space: Buffer;
}

export interface PieceAt {
  readonly block: SealedBlock;
  readonly piece: number;
}

export class SealedBlocks {
  readonly #key: KeyObject;
  readonly #sizeBytes: number;
  readonly #maxPieceBytes: number;
  readonly #blocks = new Map<number, SealedBlock>();
  readonly #pool: BufferPool;

  constructor(key: KeyObject, sizeBytes: number, maxPieceBytes: number, windowBlocks: number) {
    this.#key = key;
    this.#sizeBytes = sizeBytes;
    this.#maxPieceBytes = maxPieceBytes;
    this.#pool = new BufferPool(Math.min(BLOCK_BYTES, sizeBytes) + TAG_BYTES, windowBlocks);
  }

  has(index: number): boolean {
    return this.#blocks.has(index);
  }

  get(index: number): SealedBlock | undefined {
    return this.#blocks.get(index);
  }

  /** Throws when the bytes are not as many as the block has: whoever read them has a bug. */
  seal(index: number, plain: Uint8Array): void {
    if (plain.length !== blockLength(this.#sizeBytes, index)) {
      throw new Error(`block ${index} came with ${plain.length} bytes`);
    }
    const space = this.#pool.take();
    const sealed = space.subarray(0, sealedLength(this.#sizeBytes, index));
    sealBlock(this.#key, index, plain, sealed);
    this.#blocks.set(index, { index, sealed, ...this.#cut(sealed.length), timesDamaged: 0, space });
  }

  release(index: number): void {
    const block = this.#blocks.get(index);
    if (block === undefined) return;
    this.#blocks.delete(index);
    this.#pool.give(block.space);
  }

  nameOf({ block, piece }: PieceAt): number {
    return block.index * PIECES_PER_BLOCK + piece;
  }

  /** The block is gone when the receiver has verified it. */
  blockOf(name: number): SealedBlock | undefined {
    return this.#blocks.get(Math.floor(name / PIECES_PER_BLOCK));
  }

  pieceOf(name: number): number {
    return name % PIECES_PER_BLOCK;
  }

  /** Pieces of nearly one length: datagrams of a short last piece would cost as much as full ones. */
  #cut(sealedBytes: number): { pieceCount: number; pieceBytes: number; isThere: Uint8Array } {
    const pieceCount = Math.ceil(sealedBytes / this.#maxPieceBytes);
    const pieceBytes = Math.ceil(sealedBytes / pieceCount);
    return { pieceCount, pieceBytes, isThere: new Uint8Array(pieceCount) };
  }
}
