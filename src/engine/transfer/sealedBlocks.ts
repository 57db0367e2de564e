// The sender's window: blocks that are sealed and not verified by the receiver yet, so that sending again never reads or seals again.

import type { KeyObject } from 'node:crypto';
import { DATA_OVERHEAD_BYTES } from '../../wire/dataDatagram.ts';
import { PIECE_OVERHEAD_BYTES } from '../../wire/pieceDatagram.ts';
import { sealBlock } from './blockSeal.ts';
import { blockLength, sealedLength } from './blocks.ts';
import type { BufferPool } from './bufferPool.ts';
import { BLOCK_BYTES, MIN_PIECE_BYTES, TAG_BYTES } from './params.ts';

/** More than the pieces of any block; a piece of the file is named by block * this + piece. */
const PIECES_PER_BLOCK = 1 + Math.ceil((BLOCK_BYTES + TAG_BYTES) / MIN_PIECE_BYTES);

export interface SealedBlock {
  readonly index: number;
  /** Ciphertext and tag. */
  readonly sealed: Buffer;
  pieceCount: number;
  /** Of each piece but the last. */
  pieceBytes: number;
  /** By piece: 1 where the receiver has it. */
  isThere: Uint8Array;
  /** Somebody spoiled it: its pieces are sealed by themselves. */
  isSealedSingly: boolean;
  readonly space: Buffer;
}

export interface PieceAt {
  readonly block: SealedBlock;
  readonly piece: number;
}

/** What a datagram is longer than its piece. */
export function overheadOf(isSealedSingly: boolean): number {
  return isSealedSingly ? PIECE_OVERHEAD_BYTES : DATA_OVERHEAD_BYTES;
}

export class SealedBlocks {
  readonly #key: KeyObject;
  readonly #sizeBytes: number;
  #datagramBytes: number;
  #isSealedSingly = false;
  readonly #blocks = new Map<number, SealedBlock>();
  readonly #pool: BufferPool;

  constructor(key: KeyObject, sizeBytes: number, datagramBytes: number, pool: BufferPool) {
    this.#key = key;
    this.#sizeBytes = sizeBytes;
    this.#datagramBytes = datagramBytes;
    this.#pool = pool;
  }

  has(index: number): boolean {
    return this.#blocks.has(index);
  }

  get(index: number): SealedBlock | undefined {
    return this.#blocks.get(index);
  }

  /** Whether all blocks are, those to come included. */
  get isSealedSingly(): boolean {
    return this.#isSealedSingly;
  }

  /** `isSpoiled`: somebody was ahead of it. Throws when the bytes are not as many as the block has: whoever read them has a bug. */
  seal(index: number, plain: Uint8Array, isSpoiled = false): void {
    if (plain.length !== blockLength(this.#sizeBytes, index)) {
      throw new Error(`block ${index} came with ${plain.length} bytes`);
    }
    const space = this.#pool.take();
    const sealed = space.subarray(0, sealedLength(this.#sizeBytes, index));
    sealBlock(this.#key, index, plain, sealed);
    const isSealedSingly = this.#isSealedSingly || isSpoiled;
    const cut = this.#cut(sealed.length, isSealedSingly);
    this.#blocks.set(index, { index, sealed, ...cut, isSealedSingly, space });
  }

  /** In no order that means anything. */
  all(): Iterable<SealedBlock> {
    return this.#blocks.values();
  }

  /** For blocks that are cut from now on. */
  setDatagramBytes(bytes: number): void {
    this.#datagramBytes = bytes;
  }

  /** What is there of it does not count any more, and it must be cut anew. */
  sealSingly(block: SealedBlock): void {
    block.isSealedSingly = true;
    block.isThere.fill(0);
  }

  /** All blocks, those to come included. */
  sealAllSingly(): void {
    this.#isSealedSingly = true;
    for (const block of this.#blocks.values()) this.sealSingly(block);
  }

  /** Into datagrams as they are now. What is there stays there, as far as the new pieces are wholly there. */
  cutAnew(block: SealedBlock): void {
    const { pieceBytes: before, isThere: was } = block;
    Object.assign(block, this.#cut(block.sealed.length, block.isSealedSingly));
    for (let piece = 0; piece < block.pieceCount; piece++) {
      const start = piece * block.pieceBytes;
      const end = Math.min(start + block.pieceBytes, block.sealed.length);
      const old = was.subarray(Math.floor(start / before), Math.ceil(end / before));
      block.isThere[piece] = old.every((there) => there === 1) ? 1 : 0;
    }
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
  #cut(sealedBytes: number, singly: boolean): Pick<SealedBlock, 'pieceCount' | 'pieceBytes' | 'isThere'> {
    const pieceCount = Math.ceil(sealedBytes / (this.#datagramBytes - overheadOf(singly)));
    const pieceBytes = Math.ceil(sealedBytes / pieceCount);
    return { pieceCount, pieceBytes, isThere: new Uint8Array(pieceCount) };
  }
}
