// The sender of one session over a bulk connection: has blocks read ahead, hands them to the socket as far as it takes them, and
// hears how far the receiver's disk is. TLS below cares for order and for what is lost. README.md of this room is its page.

import { assertNever } from '../../base/assertNever.ts';
import type { Millis } from '../../base/clock.ts';
import type { Machine } from '../../base/machine.ts';
import type { Range, RangeSet } from '../../base/rangeSet.ts';
import { blockCountOf, blockLength, blocksToSkip, bytesBefore } from './blocks.ts';
import { BulkWindow } from './bulkWindow.ts';
import {
  BULK_AHEAD_BLOCKS,
  BULK_BLOCK_SLICES,
  BULK_SENDER_STALL_MS,
  BULK_SOCKET_BLOCKS,
  BULK_STALL_MS,
  SILENT_GAPS,
} from './carrierParams.ts';
import { BLOCK_BYTES, SLEPT_MS } from './params.ts';
import type { SentCounts } from './sentTally.ts';
import { ThinLine } from './thinLine.ts';

const SLICE_BYTES = BLOCK_BYTES / BULK_BLOCK_SLICES;

export interface BulkOptions {
  /** Of the whole file; at least 1. */
  readonly sizeBytes: number;
  /** The first block the receiver lacks. */
  readonly firstBlock: number;
  /** Blocks behind it that are there, too; the last block is sent in any case. */
  readonly have?: readonly Range[];
}

export type BulkSendIn =
  /** Answers `needBlock`, in the order of asking. */
  | { readonly kind: 'block'; readonly index: number; readonly bytes: Buffer }
  /** The socket has passed a block on, or the last slice of one: its buffer is free. */
  | { readonly kind: 'sent' }
  /** The receiver's word: all blocks below `blocks` are on its disk. The first one begins the sending. */
  | { readonly kind: 'count'; readonly blocks: number }
  | { readonly kind: 'time' };

export type BulkSendOut =
  | { readonly kind: 'needBlock'; readonly index: number; readonly offset: number; readonly length: number }
  | { readonly kind: 'send'; readonly index: number; readonly bytes: Buffer }
  /** From `start` to `end` of a block, right behind what went of it before. */
  | {
      readonly kind: 'sendSlice';
      readonly index: number;
      readonly bytes: Buffer;
      readonly start: number;
      readonly end: number;
    }
  | { readonly kind: 'progress'; readonly verifiedBytes: number }
  /** Nothing was counted for long, though something is on the way: perhaps the other end sleeps. Again and again; the session goes on. */
  | { readonly kind: 'doubt' }
  /** All is on the receiver's disk. Nothing follows. */
  | { readonly kind: 'finished' }
  /** Nobody takes anything, or the receiver claims what it cannot have. The session is over. */
  | { readonly kind: 'stalled' };

export class BulkSendMachine implements Machine<BulkSendIn, BulkSendOut> {
  readonly #sizeBytes: number;
  readonly #blockCount: number;
  readonly #skip: RangeSet;
  readonly #ready: { readonly index: number; readonly bytes: Buffer }[] = [];
  readonly #events: BulkSendOut[] = [];
  readonly #window = new BulkWindow();
  readonly #thinLine = new ThinLine();
  /** What has gone of the first one that is ready. */
  #slicedBytes = 0;
  #now: Millis = 0;
  #state: 'waiting' | 'sending' | 'over' = 'waiting';
  #nextRead: number;
  /** All below this one were handed to the socket or were there before: the most that the receiver can have. */
  #handedOver: number;
  /** All below this one the socket has passed on, or were there before. */
  #passedOn: number;
  readonly #firstBlock: number;
  #counted: number;
  #reading = 0;
  #inSocket = 0;
  #endsAt: Millis | undefined;
  /** The receiver's last news: its first word, or more blocks. */
  #countedAt: Millis = 0;
  /** From the first block that was counted on. */
  #doubtAt: Millis | undefined;

  constructor({ sizeBytes, firstBlock, have }: BulkOptions) {
    this.#sizeBytes = sizeBytes;
    this.#blockCount = blockCountOf(sizeBytes);
    this.#skip = blocksToSkip(sizeBytes, have);
    this.#nextRead = this.#skip.firstMissing(firstBlock);
    this.#handedOver = this.#nextRead;
    this.#passedOn = this.#nextRead;
    this.#firstBlock = firstBlock;
    this.#counted = firstBlock;
  }

  /** Of what the socket has passed on whole; a receiver that has it may say so sooner than the socket. */
  get counts(): SentCounts {
    const end = Math.max(this.#passedOn, this.#counted);
    return { piecesAgainBytes: 0, blocks: this.#skip.missing(this.#firstBlock, end) };
  }

  handle(input: BulkSendIn, now: Millis): void {
    if (this.#state === 'over') return;
    this.#now = now;
    this.#endsAt ??= now + BULK_STALL_MS;
    switch (input.kind) {
      case 'block':
        if (this.#waitsForDisk) this.#endsAt = now + BULK_SENDER_STALL_MS;
        this.#reading--;
        this.#ready.push({ index: input.index, bytes: input.bytes });
        return;
      case 'sent':
        this.#inSocket--;
        this.#window.passedOn(now);
        this.#passedOn = this.#skip.firstMissing(this.#passedOn + 1);
        return;
      case 'count':
        return this.#takeCount(input.blocks, now);
      case 'time':
        return this.#takeTime(this.#endsAt, now);
      default:
        assertNever(input);
    }
  }

  poll(): BulkSendOut | undefined {
    return (
      this.#events.shift() ?? (this.#state === 'over' ? undefined : (this.#handOver() ?? this.#readOn()))
    );
  }

  deadline(): Millis | undefined {
    if (this.#state === 'over') return undefined;
    const sliceAt = this.#mayHandOver && this.#isSlicing ? this.#thinLine.sliceAt : undefined;
    const waking = [sliceAt, this.#doubtAt, this.#endsAt].map((at) => at ?? Number.POSITIVE_INFINITY);
    const soonest = Math.min(...waking);
    return soonest === Number.POSITIVE_INFINITY ? undefined : soonest;
  }

  /** The receiver has everything that was read: the next word is this side's. How long a read may take is not known here. */
  get #waitsForDisk(): boolean {
    return this.#state === 'sending' && this.#reading > 0 && this.#counted === this.#handedOver;
  }

  #takeCount(blocks: number, now: Millis): void {
    if (blocks < this.#counted || blocks > this.#handedOver) return this.#end({ kind: 'stalled' });
    this.#endsAt = now + BULK_SENDER_STALL_MS;
    if (this.#state === 'waiting') this.#countedAt = now;
    this.#state = 'sending';
    if (blocks === this.#counted) return;
    this.#counted = blocks;
    this.#takeGap(now - this.#countedAt, now);
    this.#window.counted(blocks, now);
    this.#thinLine.counted(blocks, now);
    this.#events.push({ kind: 'progress', verifiedBytes: bytesBefore(this.#sizeBytes, blocks) });
    if (blocks === this.#blockCount) this.#end({ kind: 'finished' });
  }

  /** Of a thin line, on which blocks come one by one, nobody doubts sooner than it brings some. */
  #takeGap(gapMs: Millis, now: Millis): void {
    this.#countedAt = now;
    this.#doubtAt = now + Math.max(BULK_STALL_MS, SILENT_GAPS * gapMs);
  }

  #takeTime(endsAt: Millis, now: Millis): void {
    if (this.#doubtAt !== undefined && now >= this.#doubtAt) this.#doubt(this.#doubtAt, now);
    if (now < endsAt) return;
    // After a sleep nobody was heard.
    if (now - endsAt > SLEPT_MS) this.#endsAt = now + BULK_STALL_MS;
    else if (this.#waitsForDisk) this.#endsAt = now + BULK_SENDER_STALL_MS;
    else this.#end({ kind: 'stalled' });
  }

  /** After a sleep nobody was heard. */
  #doubt(dueAt: Millis, now: Millis): void {
    this.#doubtAt = now + BULK_STALL_MS;
    const isOnTheWay = this.#counted < this.#handedOver;
    if (isOnTheWay && now - dueAt <= SLEPT_MS) this.#events.push({ kind: 'doubt' });
  }

  get #mayHandOver(): boolean {
    return this.#state === 'sending' && this.#inSocket < BULK_SOCKET_BLOCKS && this.#ready.length > 0;
  }

  /** A block that was begun in slices goes on in slices: its last one may be long. */
  get #isSlicing(): boolean {
    return this.#slicedBytes > 0 || this.#thinLine.isThin;
  }

  #handOver(): BulkSendOut | undefined {
    if (!this.#mayHandOver) return undefined;
    return this.#isSlicing ? this.#handSliceOver() : this.#handBlockOver();
  }

  #handBlockOver(): BulkSendOut | undefined {
    const [block] = this.#ready;
    if (block === undefined || !this.#window.hasRoom) return undefined;
    this.#thinLine.handedOver(block.index, 0, this.#now);
    this.#handedOverWhole(block.index);
    return { kind: 'send', ...block };
  }

  #handSliceOver(): BulkSendOut | undefined {
    const [block] = this.#ready;
    const sliceAt = this.#thinLine.sliceAt;
    if (block === undefined || sliceAt === undefined || sliceAt > this.#now) return undefined;
    const { length } = block.bytes;
    const start = this.#slicedBytes;
    const end = Math.min(length, start + SLICE_BYTES);
    this.#thinLine.handedOver(block.index, (length - end) / BLOCK_BYTES, this.#now);
    this.#slicedBytes = end === length ? 0 : end;
    if (end === length) this.#handedOverWhole(block.index);
    return { kind: 'sendSlice', ...block, start, end };
  }

  #handedOverWhole(index: number): void {
    this.#ready.shift();
    this.#inSocket++;
    this.#window.handedOver(index, this.#now);
    this.#handedOver = this.#skip.firstMissing(index + 1);
  }

  #readOn(): BulkSendOut | undefined {
    const ahead = this.#reading + this.#ready.length + this.#inSocket;
    if (ahead >= BULK_AHEAD_BLOCKS || this.#nextRead >= this.#blockCount) return undefined;
    const index = this.#nextRead;
    this.#nextRead = this.#skip.firstMissing(index + 1);
    this.#reading++;
    const length = blockLength(this.#sizeBytes, index);
    return { kind: 'needBlock', index, offset: index * BLOCK_BYTES, length };
  }

  #end(event: BulkSendOut): void {
    this.#state = 'over';
    this.#events.push(event);
  }
}
