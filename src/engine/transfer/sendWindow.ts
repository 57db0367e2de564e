// The part of a file that is on its way: asked for, sealed, cut into pieces, and not verified by the receiver yet.

import type { Millis } from '../../base/clock.ts';
import type { Range, RangeSet } from '../../base/rangeSet.ts';
import type { DamagedBlock } from '../../wire/ackDatagram.ts';
import { DATA_OVERHEAD_BYTES } from '../../wire/dataDatagram.ts';
import { blockCountOf, blockLength, blocksToSkip, bytesBefore, bytesIn } from './blocks.ts';
import { BufferPool } from './bufferPool.ts';
import {
  BLOCK_BYTES,
  BLOCK_TRIES,
  DAMAGES_UNTIL_SINGLY,
  FIRST_LIMIT_BLOCKS,
  READ_AHEAD_BLOCKS,
  TAG_BYTES,
  WINDOW_BLOCKS,
} from './params.ts';
import { PieceQueue } from './pieceQueue.ts';
import { type PieceAt, type SealedBlock, SealedBlocks } from './sealedBlocks.ts';
import { SentHistory } from './sentHistory.ts';
import type { SendOptions, SendOut } from './transferIo.ts';

/** Datagrams of the tail that go twice: at most this share of what was sent … */
const DOUBLED_SHARE = 1 / 50;
/** … or so many, for a picture of a few hundred. */
const DOUBLED_DATAGRAMS = 32;

export class SendWindow {
  readonly blocks: SealedBlocks;
  readonly queue: PieceQueue;
  readonly history: SentHistory;
  readonly #sizeBytes: number;
  readonly #blockCount: number;
  readonly #windowBlocks: number;
  readonly #firstBlock: number;
  readonly #skip: RangeSet;
  /** How often the receiver has found a block's tag wrong: of blocks that it has not verified, sealed or still to come. */
  readonly #timesDamaged = new Map<number, number>();
  #damages = 0;
  #isTailDoubled = false;
  /** Blocks below were asked for. */
  #asked: number;
  /** Blocks below are verified. */
  #verified: number;

  constructor(options: SendOptions, datagramBytes: number) {
    const { keys, sizeBytes, firstBlock, have, windowBlocks = WINDOW_BLOCKS } = options;
    const pool = options.pool ?? BufferPool.ofSealedBlocks();
    this.#sizeBytes = sizeBytes;
    this.#blockCount = blockCountOf(sizeBytes);
    this.#windowBlocks = windowBlocks;
    this.#skip = blocksToSkip(sizeBytes, have);
    this.blocks = new SealedBlocks(keys.data, sizeBytes, datagramBytes, pool);
    this.queue = new PieceQueue(this.blocks, firstBlock, firstBlock + FIRST_LIMIT_BLOCKS, this.#skip);
    this.history = new SentHistory(this.#mostPieces(datagramBytes - DATA_OVERHEAD_BYTES));
    this.#firstBlock = firstBlock;
    this.#asked = firstBlock;
    this.#verified = firstBlock;
  }

  get isVerified(): boolean {
    return this.#verified === this.#blockCount;
  }

  /** Blocks of which anything was sent. */
  get sentBlocks(): Range[] {
    const { block, sentOfBlock } = this.queue;
    return this.#skip.missing(this.#firstBlock, sentOfBlock > 0 ? block + 1 : block);
  }

  /** Bytes of sealed blocks up to where the file has got, each once. */
  get sentBytes(): number {
    const whole = this.#skip.missing(this.#firstBlock, this.queue.block);
    const tagBytes = TAG_BYTES * whole.reduce((count, { start, end }) => count + end - start, 0);
    return bytesIn(this.#sizeBytes, whole) + tagBytes + this.queue.sentOfBlock;
  }

  /** As far as the receiver and the window let. */
  get isAllSent(): boolean {
    const end = Math.min(this.#blockCount, this.#verified + this.#windowBlocks);
    return this.queue.block >= end || this.queue.isAtLimit;
  }

  /**
   * Once, when all was sent: what left at `since` or later and is not acknowledged goes again, the last first. There is nothing
   * else to send, and to hear that one of the last is lost takes longer than to send it twice.
   */
  doubleTail(since: Millis): void {
    if (this.#isTailDoubled || this.queue.block < this.#blockCount) return;
    this.#isTailDoubled = true;
    const { next, oldest } = this.history;
    const most = Math.max(DOUBLED_DATAGRAMS, Math.floor(next * DOUBLED_SHARE));
    for (let number = Math.max(oldest, next - most); number < next; number++) {
      const name = this.history.piece(number);
      const isLate = this.history.sentAt(number) >= since;
      if (isLate && this.history.isInFlight(number)) this.queue.sendTwice(name);
    }
  }

  /** Blocks nobody has asked for, or that are here already, are ignored. */
  take(index: number, bytes: Uint8Array): void {
    if (index >= this.#asked || index < this.#verified || this.blocks.has(index)) return;
    this.blocks.seal(index, bytes, this.#timesDamaged.has(index));
  }

  /** The next block to be read, as long as there is room for it. */
  nextNeed(): SendOut | undefined {
    const ahead = this.queue.block + READ_AHEAD_BLOCKS;
    const end = Math.min(this.#blockCount, ahead, this.#verified + this.#windowBlocks);
    if (this.#asked < end) this.#asked = this.#skip.firstMissing(this.#asked);
    if (this.#asked >= end) return undefined;
    const index = this.#asked++;
    const length = blockLength(this.#sizeBytes, index);
    return { kind: 'needBlock', index, offset: index * BLOCK_BYTES, length };
  }

  /** How far the receiver lets, and has verified. Answers the bytes of the file that it has, when they are more than before. */
  takeNews({
    blockLimit,
    verifiedBlocks,
  }: {
    blockLimit: number;
    verifiedBlocks: number;
  }): number | undefined {
    this.queue.raiseLimit(blockLimit);
    const verified = Math.min(verifiedBlocks, this.queue.block);
    if (verified <= this.#verified) return undefined;
    while (this.#verified < verified) {
      this.#release(this.#verified);
      // Over what need not be sent at once: a file has many blocks.
      this.#verified = this.#skip.firstMissing(this.#verified + 1);
    }
    return bytesBefore(this.#sizeBytes, this.#verified);
  }

  /** The receiver has this piece. */
  settle(name: number): void {
    const block = this.blocks.blockOf(name);
    if (block !== undefined) block.isThere[this.blocks.pieceOf(name)] = 1;
  }

  /**
   * A block whose tag was wrong goes again, sealed piece by piece; all do after some of them. Whoever forges may be ahead of the
   * sender: a block that is still to come counts as any other. A receiver has given up before it says BLOCK_TRIES: to cut a block anew is
   * dear, and nobody can ask for it more often.
   */
  sendDamagedAgain({ block: index, times }: DamagedBlock): void {
    const before = this.#timesDamaged.get(index) ?? 0;
    const isBounded = before > 0 || this.#timesDamaged.size < this.#windowBlocks;
    if (index < this.#verified || times <= before || times >= BLOCK_TRIES || !isBounded) return;
    this.#timesDamaged.set(index, times);
    this.#damages += times - before;
    const block = this.blocks.get(index);
    if (this.#damages >= DAMAGES_UNTIL_SINGLY && !this.blocks.isSealedSingly) return this.sealAllSingly();
    if (block === undefined) return;
    this.blocks.sealSingly(block);
    this.#cutAnew([block]);
  }

  /**
   * Somebody forges: from now on every piece is sealed by itself, and nothing else counts. The receiver throws away what came
   * before and was not verified, as anybody can have made it, so all of that goes again.
   */
  sealAllSingly(): void {
    if (this.blocks.isSealedSingly) return;
    this.history.loseAll();
    this.blocks.sealAllSingly();
    this.#cutAnew([...this.blocks.all()]);
  }

  /** None of what is in flight arrives; datagrams are of this length from now on. */
  cutAllAnew(datagramBytes: number): void {
    this.history.loseAll();
    this.blocks.setDatagramBytes(datagramBytes);
    this.#cutAnew([...this.blocks.all()]);
  }

  /**
   * Everything sent was acknowledged, and yet the receiver waits. Either its limit is reached: then a piece beyond it asks for
   * news, and is answered. Or somebody forged datagrams with the numbers of ours: then the first block it lacks is sent again.
   */
  askForNews(): PieceAt | undefined {
    const head = this.blocks.get(this.#verified);
    if (head === undefined) return undefined;
    if (this.#verified >= this.queue.block) return { block: head, piece: 0 };
    this.queue.sendBlockAgain(head);
    return undefined;
  }

  #release(index: number): void {
    this.#timesDamaged.delete(index);
    this.blocks.release(index);
  }

  /** What is in flight of them, or waits, is not known any more, and what the receiver lacks goes again. */
  #cutAnew(blocks: readonly SealedBlock[]): void {
    const cut = new Set(blocks);
    const isCut = (name: number) => {
      const block = this.blocks.blockOf(name);
      return block !== undefined && cut.has(block);
    };
    this.history.forgetPieces(isCut);
    this.queue.forgetPieces(isCut);
    for (const block of blocks) {
      this.blocks.cutAnew(block);
      this.queue.restart(block);
    }
  }

  #mostPieces(pieceBytes: number): number {
    const bytes = Math.min(this.#sizeBytes, this.#windowBlocks * BLOCK_BYTES);
    return 2 * Math.ceil(bytes / pieceBytes);
  }
}
