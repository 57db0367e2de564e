// The receiver of one session over a bulk connection: takes blocks in their order, hands them to the disk, says how far it is, and
// stops listening while the disk is behind. README.md of this room is its page.

import { assertNever } from '../../base/assertNever.ts';
import type { Millis } from '../../base/clock.ts';
import type { Machine } from '../../base/machine.ts';
import type { RangeSet } from '../../base/rangeSet.ts';
import { BulkBlockDecoder } from '../../wire/bulkFrame.ts';
import { DecodeError } from '../../wire/decodeError.ts';
import { blockCountOf, blockLength, blocksToSkip, bytesBefore } from './blocks.ts';
import { BufferPool } from './bufferPool.ts';
import type { BulkOptions } from './bulkSendMachine.ts';
import { BULK_COUNT_MS, BULK_PAUSE_BLOCKS, BULK_RESUME_BLOCKS, BULK_STALL_MS } from './carrierParams.ts';
import { BLOCK_BYTES, SLEPT_MS } from './params.ts';
import { PartNews } from './partNews.ts';

export type BulkReceiveIn =
  /** There is a connection. Once. */
  | { readonly kind: 'connected' }
  /** Used before `handle` returns. */
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  /** Answers `write`; the buffer is used again. */
  | { readonly kind: 'written'; readonly index: number; readonly bytes: Buffer }
  /** The sender's own disk is what it waits for: patience begins anew. */
  | { readonly kind: 'reading' }
  | { readonly kind: 'time' };

export type BulkReceiveOut =
  /** Say that all blocks below `blocks` are on the disk. */
  | { readonly kind: 'count'; readonly blocks: number }
  /** Give the bytes back with `written`. */
  | { readonly kind: 'write'; readonly index: number; readonly offset: number; readonly bytes: Buffer }
  /** Whether anything shall be read from the connection. */
  | { readonly kind: 'flow'; readonly isOpen: boolean }
  /** So many bytes of a block that is not whole came since the last of these, or the last block (PartNews). */
  | { readonly kind: 'part'; readonly bytes: number }
  | { readonly kind: 'progress'; readonly verifiedBytes: number }
  /** Every block is on the disk, and that was said. Nothing follows. */
  | { readonly kind: 'finished' }
  /** Nothing came for BULK_STALL_MS, or not what may come. The session is over. */
  | { readonly kind: 'stalled' };

export class BulkReceiveMachine implements Machine<BulkReceiveIn, BulkReceiveOut> {
  readonly #sizeBytes: number;
  readonly #blockCount: number;
  /** On the disk, those before the session included as far as they are behind its first block. */
  readonly #there: RangeSet;
  readonly #skip: RangeSet;
  readonly #decoder: BulkBlockDecoder;
  readonly #pool: BufferPool;
  readonly #partNews = new PartNews();
  readonly #events: BulkReceiveOut[] = [];
  #isOver = false;
  #isOpen = true;
  #next: number;
  #unwritten = 0;
  /** All below this one are on the disk. */
  #count: number;
  #told: number;
  #mayTellAt: Millis = 0;
  #endsAt: Millis | undefined;

  constructor({ sizeBytes, firstBlock, have }: BulkOptions) {
    this.#sizeBytes = sizeBytes;
    this.#blockCount = blockCountOf(sizeBytes);
    this.#skip = blocksToSkip(sizeBytes, have);
    this.#there = blocksToSkip(sizeBytes, have);
    this.#next = this.#skip.firstMissing(firstBlock);
    this.#count = firstBlock;
    this.#told = firstBlock;
    this.#pool = new BufferPool(BLOCK_BYTES, BULK_PAUSE_BLOCKS);
    this.#decoder = new BulkBlockDecoder(
      (index) =>
        index === this.#next && index < this.#blockCount ? blockLength(sizeBytes, index) : undefined,
      (length) => this.#pool.take().subarray(0, length),
    );
  }

  /** Bytes that came of a block that is not whole. */
  get unfinishedBytes(): number {
    return this.#decoder.unfinishedBytes;
  }

  handle(input: BulkReceiveIn, now: Millis): void {
    if (this.#isOver) return;
    this.#endsAt ??= now + BULK_STALL_MS;
    switch (input.kind) {
      case 'connected':
        this.#events.push({ kind: 'count', blocks: this.#count });
        break;
      case 'bytes':
        this.#takeBytes(input.bytes, now);
        break;
      case 'written':
        this.#takeWritten(input.index, input.bytes, now);
        break;
      case 'reading':
        this.#endsAt = now + BULK_STALL_MS;
        break;
      case 'time':
        this.#takeTime(this.#endsAt, now);
        break;
      default:
        assertNever(input);
    }
    this.#tell(now);
  }

  poll(): BulkReceiveOut | undefined {
    return this.#events.shift();
  }

  deadline(): Millis | undefined {
    if (this.#isOver || this.#endsAt === undefined) return undefined;
    return this.#count > this.#told ? Math.min(this.#mayTellAt, this.#endsAt) : this.#endsAt;
  }

  #takeBytes(bytes: Uint8Array, now: Millis): void {
    this.#endsAt = now + BULK_STALL_MS;
    const before = this.unfinishedBytes;
    let isWhole = false;
    try {
      this.#decoder.push(bytes);
      for (let block = this.#decoder.next(); block !== undefined; block = this.#decoder.next()) {
        const { index, bytes: whole } = block;
        this.#next = this.#skip.firstMissing(index + 1);
        this.#unwritten++;
        isWhole = true;
        this.#events.push({ kind: 'write', index, offset: index * BLOCK_BYTES, bytes: whole });
      }
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      return this.#end({ kind: 'stalled' });
    }
    if (isWhole) this.#partNews.whole(now);
    else this.#tellPart(this.unfinishedBytes - before, now);
    if (this.#unwritten >= BULK_PAUSE_BLOCKS) this.#setFlow(false);
  }

  #tellPart(added: number, now: Millis): void {
    const bytes = this.#partNews.came(added, now);
    if (bytes !== undefined) this.#events.push({ kind: 'part', bytes });
  }

  #takeWritten(index: number, bytes: Buffer, now: Millis): void {
    this.#endsAt = now + BULK_STALL_MS;
    this.#unwritten--;
    // A shorter one is the last of the session: nothing is taken from the pool behind it.
    this.#pool.give(bytes);
    this.#there.add(index);
    if (this.#unwritten <= BULK_RESUME_BLOCKS) this.#setFlow(true);
    const count = this.#there.firstMissing(this.#count);
    if (count === this.#count) return;
    this.#count = count;
    this.#events.push({ kind: 'progress', verifiedBytes: bytesBefore(this.#sizeBytes, count) });
  }

  #takeTime(endsAt: Millis, now: Millis): void {
    if (now < endsAt) return;
    // After a sleep nobody was heard; and while the disk works, nobody is asked for more.
    if (now - endsAt > SLEPT_MS || this.#unwritten > 0) this.#endsAt = now + BULK_STALL_MS;
    else this.#end({ kind: 'stalled' });
  }

  #tell(now: Millis): void {
    if (this.#isOver || this.#count === this.#told) return;
    const isWhole = this.#count === this.#blockCount;
    if (!isWhole && now < this.#mayTellAt) return;
    this.#told = this.#count;
    this.#mayTellAt = now + BULK_COUNT_MS;
    this.#events.push({ kind: 'count', blocks: this.#count });
    if (isWhole) this.#end({ kind: 'finished' });
  }

  #setFlow(isOpen: boolean): void {
    if (this.#isOpen === isOpen) return;
    this.#isOpen = isOpen;
    this.#events.push({ kind: 'flow', isOpen });
  }

  #end(event: BulkReceiveOut): void {
    this.#isOver = true;
    this.#events.push(event);
  }
}
