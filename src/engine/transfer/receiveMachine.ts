// The receiver of one session: puts blocks together, opens them, hands them to the disk and tells the sender what it has.
// README.md of this room is its protocol page.

import { assertNever } from '../../base/assertNever.ts';
import type { Millis } from '../../base/clock.ts';
import type { Machine } from '../../base/machine.ts';
import type { RangeSet } from '../../base/rangeSet.ts';
import { type DamagedBlock, encodeAck, MAX_ACK_DAMAGED } from '../../wire/ackDatagram.ts';
import { type DataDatagram, decodeData } from '../../wire/dataDatagram.ts';
import { DatagramKind, isAddressedTo, MAX_NUMBER } from '../../wire/datagramEnvelope.ts';
import { DecodeError } from '../../wire/decodeError.ts';
import { decodePiece } from '../../wire/pieceDatagram.ts';
import { decodeProbe, NO_CHALLENGE, type Probe } from '../../wire/probeDatagram.ts';
import { BlockBuffer } from './blockBuffer.ts';
import { openBlock } from './blockSeal.ts';
import { blockCountOf, blocksToSkip, bytesBefore, sealedLength } from './blocks.ts';
import { BufferPool } from './bufferPool.ts';
import { Nudge } from './nudge.ts';
import {
  BLOCK_BYTES,
  BLOCK_TRIES,
  DAMAGES_UNTIL_SINGLY,
  LINGER_MS,
  SLEPT_MS,
  STALL_MS,
  WINDOW_BLOCKS,
} from './params.ts';
import { PartNews } from './partNews.ts';
import { ReceivedDatagrams } from './receivedDatagrams.ts';
import type { DroppedDatagrams, ReceiveIn, ReceiveOut, SessionKeys, SessionOptions } from './transferIo.ts';

/** The sender is told at once when its limit has grown by this part of the window. */
const LIMIT_NEWS = 1 / 8;

type State =
  /** Blocks are missing. */
  | 'receiving'
  /** All blocks are verified; the disk has some of them still. */
  | 'writing'
  /** All is written; duplicates are answered, for the last ACK may be lost. */
  | 'lingering'
  | 'over';

export class ReceiveMachine implements Machine<ReceiveIn, ReceiveOut> {
  readonly #keys: SessionKeys;
  readonly #sizeBytes: number;
  readonly #blockCount: number;
  readonly #windowBlocks: number;
  readonly #received = new ReceivedDatagrams();
  readonly #verified: RangeSet;
  readonly #buffers = new Map<number, BlockBuffer>();
  readonly #pool: BufferPool;
  /** Verified blocks that the disk has not taken yet. */
  readonly #unwritten = new Set<number>();
  readonly #timesDamaged = new Map<number, number>();
  readonly #dropped = { strangers: 0, damaged: 0, unexpected: 0 };
  readonly #events: ReceiveOut[] = [];
  #state: State = 'receiving';
  #verifiedBlocks: number;
  #blockLimit: number;
  #toldLimit: number;
  readonly #nudge = new Nudge();
  readonly #partNews = new PartNews();
  #damages = 0;
  /** Somebody forges: from now on only what is sealed by itself is taken. */
  #isSealedOnly = false;
  /** The highest number of a datagram that only the sender can have made. */
  #newestSealed = -1;
  /** What came last of challenges: each acknowledgement brings it back, as any of them may be lost. */
  #echo = NO_CHALLENGE;
  #now: Millis = 0;
  /** When patience ends: the session's while receiving, the linger's afterwards. Set by the first input. */
  #endsAt: Millis | undefined;

  constructor(options: SessionOptions) {
    const { keys, sizeBytes, firstBlock, have, windowBlocks = WINDOW_BLOCKS } = options;
    this.#keys = keys;
    this.#sizeBytes = sizeBytes;
    this.#blockCount = blockCountOf(sizeBytes);
    this.#verified = blocksToSkip(sizeBytes, have);
    this.#windowBlocks = windowBlocks;
    this.#pool = options.pool ?? BufferPool.ofSealedBlocks();
    this.#verifiedBlocks = firstBlock;
    this.#blockLimit = Math.min(this.#blockCount, firstBlock + windowBlocks);
    this.#toldLimit = this.#blockLimit;
  }

  get dropped(): DroppedDatagrams {
    return this.#dropped;
  }

  /** Bytes that came of sealed blocks that are not whole. */
  get unfinishedBytes(): number {
    let bytes = 0;
    for (const buffer of this.#buffers.values()) bytes += buffer.filledBytes;
    return bytes;
  }

  handle(input: ReceiveIn, now: Millis): void {
    if (this.#state === 'over') return;
    this.#now = now;
    this.#endsAt ??= now + STALL_MS;
    switch (input.kind) {
      case 'datagram':
        this.#takeDatagram(input.bytes);
        break;
      case 'written':
        this.#takeWritten(input.index);
        break;
      case 'reading':
        if (this.#state === 'receiving') this.#endsAt = now + STALL_MS;
        break;
      case 'time':
        this.#takeTime(this.#endsAt);
        break;
      default:
        assertNever(input);
    }
  }

  poll(): ReceiveOut | undefined {
    const event = this.#events.shift();
    if (event !== undefined || this.#state === 'over') return event;
    const { ackAt, nextAck } = this.#received;
    if (ackAt === undefined || ackAt > this.#now) return undefined;
    if (nextAck <= MAX_NUMBER) return this.#ack(nextAck);
    // A bound against a sender that has asked for billions of them.
    this.#giveUp();
    return this.#events.shift();
  }

  deadline(): Millis | undefined {
    if (this.#state === 'over' || this.#endsAt === undefined) return undefined;
    return Math.min(this.#endsAt, this.#received.ackAt ?? this.#endsAt, this.#nudgeAt ?? this.#endsAt);
  }

  // ---- what it is told

  #takeDatagram(bytes: Uint8Array): void {
    if (!this.#isMine(bytes)) {
      this.#dropped.strangers++;
      return;
    }
    try {
      this.#takeMine(bytes);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.#dropped.damaged++;
    }
  }

  #isMine(bytes: Uint8Array): boolean {
    const { token } = this.#keys;
    return (
      isAddressedTo(bytes, DatagramKind.data, token) ||
      isAddressedTo(bytes, DatagramKind.sealedPiece, token) ||
      isAddressedTo(bytes, DatagramKind.probe, token)
    );
  }

  #takeMine(bytes: Uint8Array): void {
    switch (bytes[0]) {
      case DatagramKind.sealedPiece:
        return this.#takePiece(decodePiece(bytes, this.#keys.piece), bytes.length);
      case DatagramKind.data: {
        const data = decodeData(bytes);
        return this.#isSealedOnly ? this.#refuse(bytes.length) : this.#takeData(data, bytes.length, false);
      }
      default:
        return this.#takeProbe(decodeProbe(bytes, this.#keys.piece), bytes.length);
    }
  }

  #takeProbe({ number, challenge }: Probe, bytes: number): void {
    this.#hearFromSender();
    if (challenge !== NO_CHALLENGE) this.#echo = challenge;
    this.#noteSealed(number);
    this.#received.add(number, bytes, this.#now);
    this.#received.ackAtOnce(this.#now);
  }

  /** One of a block that was not said to be damaged: the sender knows of forgery from somewhere else, and seals all. */
  #takePiece(data: DataDatagram, bytes: number): void {
    this.#noteSealed(data.number);
    if (!this.#isVerified(data.block) && !this.#timesDamaged.has(data.block)) this.#takeSealedOnly();
    this.#takeData(data, bytes, true);
  }

  /** Copies of older ones say nothing of where the sender is (RFC 9000 section 9.3). */
  #noteSealed(number: number): void {
    if (number <= this.#newestSealed) return;
    this.#newestSealed = number;
    this.#events.push({ kind: 'heard' });
  }

  /** Forgets what anybody can have made: numbers, and pieces but those of damaged blocks, which were all sealed by themselves. */
  #takeSealedOnly(): void {
    if (this.#isSealedOnly) return;
    this.#isSealedOnly = true;
    this.#received.forget();
    for (const [block, buffer] of this.#buffers) if (!this.#timesDamaged.has(block)) buffer.clear();
  }

  #refuse(bytes: number): void {
    this.#dropped.unexpected++;
    this.#received.refuse(bytes, this.#now);
  }

  #takeData(data: DataDatagram, bytes: number, isSealed: boolean): void {
    this.#hearFromSender();
    if (this.#isVerified(data.block)) {
      // A duplicate: an acknowledgement was lost, or is on its way.
      this.#received.add(data.number, bytes, this.#now);
      return;
    }
    // A block that was spoiled once is not spoiled by the same means again.
    const mayTake = isSealed || !this.#timesDamaged.has(data.block);
    const buffer = mayTake ? this.#bufferFor(data) : undefined;
    if (buffer === undefined) return this.#refuse(bytes);
    const added = buffer.add(data.offset, data.bytes, data.start, data.end);
    this.#received.add(data.number, bytes, this.#now);
    if (buffer.isWhole) this.#open(data.block, buffer, data.number);
    else this.#tellPart(added);
  }

  #tellPart(added: number): void {
    const bytes = this.#partNews.came(added, this.#now);
    if (bytes !== undefined) this.#events.push({ kind: 'part', bytes });
  }

  #takeWritten(index: number): void {
    this.#unwritten.delete(index);
    this.#raiseLimit();
    if (this.#state === 'writing') this.#finishIfWritten();
  }

  #takeTime(endsAt: Millis): void {
    if (this.#state !== 'writing' && this.#nudge.take(this.#now)) this.#received.ackAtOnce(this.#now);
    if (this.#now < endsAt) return;
    // After a sleep nobody was heard, in whichever state: the sender's patience began anew, too.
    if (this.#now - endsAt > SLEPT_MS || this.#state === 'writing') this.#endsAt = this.#now + STALL_MS;
    else this.#giveUp();
  }

  /** Patience begins anew; the linger's does not, or a sender that never learns would keep it for ever. */
  #hearFromSender(): void {
    this.#nudge.hear(this.#now);
    if (this.#state !== 'lingering') this.#endsAt = this.#now + STALL_MS;
  }

  get #nudgeAt(): Millis | undefined {
    return this.#state === 'writing' ? undefined : this.#nudge.at;
  }

  // ---- blocks

  #isVerified(block: number): boolean {
    return block < this.#verifiedBlocks || this.#verified.has(block);
  }

  /** Where the piece belongs; undefined when it is not of a block that may be sent now. */
  #bufferFor({ block, offset, start, end }: DataDatagram): BlockBuffer | undefined {
    if (block >= this.#blockLimit) return undefined;
    const known = this.#buffers.get(block);
    const buffer = known ?? new BlockBuffer(this.#pool, sealedLength(this.#sizeBytes, block));
    if (!buffer.fits(offset, end - start)) return undefined;
    if (known === undefined) this.#buffers.set(block, buffer);
    return buffer;
  }

  #open(block: number, buffer: BlockBuffer, number: number): void {
    const plain = openBlock(this.#keys.data, block, buffer.sealed);
    if (plain === undefined) {
      this.#noteDamaged(block, buffer);
      return;
    }
    this.#buffers.delete(block);
    buffer.release();
    this.#timesDamaged.delete(block);
    this.#partNews.whole(this.#now);
    // What made it whole was the sender's own, but its number may be anybody's.
    if (number > this.#newestSealed) this.#events.push({ kind: 'heard' });
    this.#unwritten.add(block);
    this.#events.push({ kind: 'write', index: block, offset: block * BLOCK_BYTES, bytes: plain });
    this.#noteVerified(block);
  }

  #noteDamaged(block: number, buffer: BlockBuffer): void {
    const times = (this.#timesDamaged.get(block) ?? 0) + 1;
    this.#timesDamaged.set(block, times);
    buffer.clear();
    if (++this.#damages >= DAMAGES_UNTIL_SINGLY) this.#takeSealedOnly();
    this.#received.ackSoon(this.#now);
    if (times >= BLOCK_TRIES) this.#end({ kind: 'failed', block });
  }

  #noteVerified(block: number): void {
    this.#verified.add(block);
    const verifiedBlocks = this.#verified.firstMissing(this.#verifiedBlocks);
    if (verifiedBlocks === this.#verifiedBlocks) return;
    this.#verifiedBlocks = verifiedBlocks;
    this.#raiseLimit();
    this.#events.push({ kind: 'progress', verifiedBytes: bytesBefore(this.#sizeBytes, verifiedBlocks) });
    if (verifiedBlocks === this.#blockCount) this.#state = 'writing';
  }

  #finishIfWritten(): void {
    if (this.#unwritten.size > 0) return;
    this.#state = 'lingering';
    this.#endsAt = this.#now + LINGER_MS;
    this.#events.push({ kind: 'finished' });
  }

  /**
   * Blocks being put together and blocks not written yet share the window. The limit never goes back, and still the sum of both
   * stays within the window: a block that is verified moves from one to the other. A sender at the limit, or at the end, is told at once.
   */
  #raiseLimit(): void {
    const limit = this.#verifiedBlocks + this.#windowBlocks - this.#unwritten.size;
    this.#blockLimit = Math.min(this.#blockCount, Math.max(this.#blockLimit, limit));
    const isNews = this.#blockLimit - this.#toldLimit >= this.#windowBlocks * LIMIT_NEWS;
    if (isNews || this.#toldLimit <= this.#verifiedBlocks) this.#received.ackSoon(this.#now);
  }

  // ---- acknowledgements

  #ack(number: number): ReceiveOut {
    this.#toldLimit = this.#blockLimit;
    const ack = {
      verifiedBlocks: this.#verifiedBlocks,
      blockLimit: this.#blockLimit,
      delayMs: this.#received.delayMs(this.#now),
      echo: this.#echo,
      ranges: this.#received.ranges,
      damaged: this.#damaged(),
    };
    const { ack: key, token } = this.#keys;
    const bytes = encodeAck(ack, { key, token, number }, this.#received.mostAckBytes);
    this.#received.onAcked(this.#now);
    return { kind: 'datagram', bytes };
  }

  #damaged(): DamagedBlock[] {
    const blocks = [...this.#timesDamaged].slice(0, MAX_ACK_DAMAGED);
    return blocks.map(([block, times]) => ({ block, times }));
  }

  #giveUp(): void {
    this.#end({ kind: this.#state === 'lingering' ? 'closed' : 'stalled' });
  }

  #end(event: ReceiveOut): void {
    this.#state = 'over';
    this.#events.push(event);
  }
}
