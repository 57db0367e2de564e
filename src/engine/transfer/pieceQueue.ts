// Which piece goes next: those to be sent again first, then the file in order, up to the receiver's limit, then those that may go twice.

import type { RangeSet } from '../../base/rangeSet.ts';
import type { PieceAt, SealedBlock, SealedBlocks } from './sealedBlocks.ts';

/** Entries that were taken are cut off the list in lots of this many. */
const COMPACT_AT = 1024;

export class PieceQueue {
  readonly #blocks: SealedBlocks;
  readonly #skip: RangeSet;
  /** Names of pieces, oldest first; from #againAt on they wait. */
  #again: number[] = [];
  #againAt = 0;
  /** Sent lately, on a path that loses some. */
  #twice: number[] = [];
  #block: number;
  #piece = 0;
  #limit: number;

  /** The file from block `firstBlock` on without those to skip, for now up to `limit`. */
  constructor(blocks: SealedBlocks, firstBlock: number, limit: number, skip: RangeSet) {
    this.#blocks = blocks;
    this.#skip = skip;
    this.#block = skip.firstMissing(firstBlock);
    this.#limit = limit;
  }

  /** The first block that was not sent whole. */
  get block(): number {
    return this.#block;
  }

  /** Bytes of that block, sealed, in front of which all was sent. */
  get sentOfBlock(): number {
    return this.#piece * (this.#blocks.get(this.#block)?.pieceBytes ?? 0);
  }

  /** Whether the receiver takes no more for now. */
  get isAtLimit(): boolean {
    return this.#block >= this.#limit;
  }

  /** Limits never go back. */
  raiseLimit(limit: number): void {
    this.#limit = Math.max(this.#limit, limit);
  }

  sendAgain(name: number): void {
    this.#again.push(name);
  }

  /** When nothing else is to be sent; those that are said last go first. */
  sendTwice(name: number): void {
    this.#twice.push(name);
  }

  /** All pieces of a block that was sent whole, whether the receiver has had them or not. */
  sendBlockAgain(block: SealedBlock): void {
    block.isThere.fill(0);
    this.#sendAllAgain(block);
  }

  /** Those that `isOf` says are of blocks that are cut anew: their names mean other pieces from then on. */
  forgetPieces(isOf: (name: number) => boolean): void {
    this.#again = this.#again.slice(this.#againAt).filter((name) => !isOf(name));
    this.#againAt = 0;
    this.#twice = this.#twice.filter((name) => !isOf(name));
  }

  /** A block that was cut anew: what the receiver lacks of it. */
  restart(block: SealedBlock): void {
    if (block.index === this.#block) this.#piece = 0;
    if (block.index < this.#block) this.#sendAllAgain(block);
  }

  get hasNext(): boolean {
    return (this.#nextAgain() ?? this.#nextNew() ?? this.#nextTwice()) !== undefined;
  }

  take(): PieceAt | undefined {
    const again = this.#nextAgain();
    if (again !== undefined) {
      this.#dropAgain();
      return again;
    }
    const fresh = this.#nextNew();
    if (fresh === undefined) return this.#takeTwice();
    this.#step(fresh.block);
    return fresh;
  }

  #sendAllAgain(block: SealedBlock): void {
    for (let piece = 0; piece < block.pieceCount; piece++)
      this.sendAgain(this.#blocks.nameOf({ block, piece }));
  }

  /** The first waiting piece that the receiver still lacks; drops those before it. */
  #nextAgain(): PieceAt | undefined {
    for (; this.#againAt < this.#again.length; this.#dropAgain()) {
      const lacked = this.#lacked(this.#again[this.#againAt] as number);
      if (lacked !== undefined) return lacked;
    }
    return undefined;
  }

  #nextTwice(): PieceAt | undefined {
    for (; this.#twice.length > 0; this.#twice.pop()) {
      const lacked = this.#lacked(this.#twice.at(-1) as number);
      if (lacked !== undefined) return lacked;
    }
    return undefined;
  }

  #takeTwice(): PieceAt | undefined {
    const next = this.#nextTwice();
    this.#twice.pop();
    return next;
  }

  /** Undefined when the receiver has the piece. */
  #lacked(name: number): PieceAt | undefined {
    const block = this.#blocks.blockOf(name);
    const piece = this.#blocks.pieceOf(name);
    return block !== undefined && block.isThere[piece] === 0 ? { block, piece } : undefined;
  }

  #dropAgain(): void {
    if (++this.#againAt < COMPACT_AT) return;
    this.#again.splice(0, this.#againAt);
    this.#againAt = 0;
  }

  #nextNew(): PieceAt | undefined {
    if (this.isAtLimit) return undefined;
    const block = this.#blocks.get(this.#block);
    return block === undefined ? undefined : { block, piece: this.#piece };
  }

  #step(block: SealedBlock): void {
    this.#piece++;
    if (this.#piece < block.pieceCount) return;
    this.#piece = 0;
    this.#block = this.#skip.firstMissing(this.#block + 1);
  }
}
