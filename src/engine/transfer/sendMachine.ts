// The sender of one session: asks for blocks, seals them, sends their pieces at the path's rate until the receiver has verified all.
// README.md of this room is its protocol page.

import { assertNever } from '../../base/assertNever.ts';
import type { Millis } from '../../base/clock.ts';
import type { Machine } from '../../base/machine.ts';
import type { RangeSet } from '../../base/rangeSet.ts';
import { type Ack, decodeAck } from '../../wire/ackDatagram.ts';
import { DATA_OVERHEAD_BYTES, encodeData } from '../../wire/dataDatagram.ts';
import { DatagramKind, isAddressedTo } from '../../wire/datagramEnvelope.ts';
import { DecodeError } from '../../wire/decodeError.ts';
import { encodePiece } from '../../wire/pieceDatagram.ts';
import { encodeProbe } from '../../wire/probeDatagram.ts';
import { blockCountOf, blockLength, blocksToSkip, bytesBefore } from './blocks.ts';
import { DatagramRing } from './datagramRing.ts';
import type { DeliveryMark } from './deliveryRate.ts';
import { LossDetector } from './lossDetector.ts';
import { Pacer } from './pacer.ts';
import {
  BLOCK_BYTES,
  BURST_BYTES,
  BURST_DATAGRAMS,
  DAMAGES_UNTIL_SINGLY,
  DATAGRAM_BYTES,
  DATAGRAM_SLOTS,
  FIRST_LIMIT_BLOCKS,
  LATE_MS,
  MIN_PROBE_DATAGRAMS,
  PROBE_DATAGRAMS,
  PROBES_UNTIL_DOUBT,
  READ_AHEAD_BLOCKS,
  SHORT_PROBES,
  SLEPT_MS,
  STALL_MS,
  STALL_PROBES,
  WINDOW_BLOCKS,
} from './params.ts';
import { BASE_DATAGRAM_BYTES, PathSize } from './pathSize.ts';
import { PieceQueue } from './pieceQueue.ts';
import { RateController } from './rateController.ts';
import { RttEstimate } from './rttEstimate.ts';
import { overheadOf, type PieceAt, type SealedBlock, SealedBlocks } from './sealedBlocks.ts';
import { NO_PIECE, SentHistory } from './sentHistory.ts';
import type { DroppedDatagrams, SendIn, SendOptions, SendOut, SessionKeys } from './transferIo.ts';

/** Numbers are used once; after some terabytes another session has to go on. */
const MAX_NUMBER = 0xffffffff;

interface Newest {
  readonly number: number;
  readonly sentAt: Millis;
  readonly mark: DeliveryMark;
}

export class SendMachine implements Machine<SendIn, SendOut> {
  readonly #keys: SessionKeys;
  readonly #sizeBytes: number;
  readonly #blockCount: number;
  readonly #skip: RangeSet;
  readonly #windowBlocks: number;
  readonly #datagramBytes: number;
  readonly #burstDatagrams: number;
  readonly #blocks: SealedBlocks;
  readonly #queue: PieceQueue;
  readonly #history: SentHistory;
  readonly #rtt: RttEstimate;
  readonly #losses: LossDetector;
  readonly #rate: RateController;
  readonly #pacer: Pacer;
  readonly #ring: DatagramRing;
  readonly #pathSize: PathSize;
  /** Lengths of probes to be sent. */
  readonly #sizeProbes: number[] = [];
  readonly #dropped = { strangers: 0, damaged: 0, unexpected: 0 };
  readonly #events: SendOut[] = [];
  /** Names of pieces that go out whatever window and pacer say. */
  readonly #probes: number[] = [];
  readonly #out: { kind: 'datagram'; bytes: Uint8Array };
  /** The highest numbers acknowledged of a probe of the shortest length, and of anything longer. */
  #shortAcked: number | undefined;
  #longAcked: number | undefined;
  #damages = 0;
  #isOver = false;
  #asked: number;
  #verified: number;
  #lastAck = -1;
  #now: Millis = 0;
  #heardAt: Millis = 0;
  #sentAt: Millis = 0;
  #sleepyUntil: Millis | undefined;
  #windowBytes = 0;
  #burstLeft = 0;

  constructor(options: SendOptions) {
    const { keys, sizeBytes, firstBlock, rttHintMs } = options;
    this.#keys = keys;
    this.#sizeBytes = sizeBytes;
    this.#blockCount = blockCountOf(sizeBytes);
    this.#skip = blocksToSkip(sizeBytes, options.have);
    this.#windowBlocks = options.windowBlocks ?? WINDOW_BLOCKS;
    this.#datagramBytes = options.datagramBytes ?? DATAGRAM_BYTES;
    this.#burstDatagrams = Math.min(BURST_DATAGRAMS, Math.floor(BURST_BYTES / this.#datagramBytes));
    this.#pathSize = new PathSize(this.#datagramBytes);
    this.#blocks = new SealedBlocks(keys.data, sizeBytes, this.#datagramBytes, this.#windowBlocks);
    this.#queue = new PieceQueue(
      this.#blocks,
      firstBlock,
      this.#limitOf(firstBlock + FIRST_LIMIT_BLOCKS),
      this.#skip,
    );
    this.#history = new SentHistory(this.#piecesInWindow(this.#datagramBytes - DATA_OVERHEAD_BYTES));
    this.#rtt = new RttEstimate(rttHintMs);
    this.#losses = new LossDetector(this.#history, this.#rtt);
    this.#rate = new RateController(this.#datagramBytes, rttHintMs, options.share);
    this.#pacer = new Pacer(this.#datagramBytes, this.#burstDatagrams * this.#datagramBytes);
    this.#ring = new DatagramRing(DATAGRAM_SLOTS, this.#datagramBytes);
    this.#out = { kind: 'datagram', bytes: new Uint8Array() };
    this.#asked = firstBlock;
    this.#verified = firstBlock;
  }

  get dropped(): DroppedDatagrams {
    return this.#dropped;
  }

  /** Datagrams sent so far; the file alone takes as many as its blocks have pieces. */
  get sentDatagrams(): number {
    return this.#history.next;
  }

  handle(input: SendIn, now: Millis): void {
    if (this.#isOver) return;
    this.#now = now;
    switch (input.kind) {
      case 'block':
        this.#takeBlock(input.index, input.bytes);
        break;
      case 'datagram':
        this.#takeDatagram(input.bytes);
        break;
      case 'time':
        this.#takeTime();
        break;
      default:
        assertNever(input);
    }
    this.#pacer.fill(now, this.#rate.pacingRate, this.#rate.lateBytes);
    this.#windowBytes = this.#rate.windowBytes;
    this.#burstLeft = this.#burstDatagrams;
  }

  poll(): SendOut | undefined {
    const event = this.#events.shift();
    if (event !== undefined || this.#isOver) return event;
    return this.#nextNeed() ?? this.#nextDatagram();
  }

  deadline(): Millis | undefined {
    if (this.#isOver) return undefined;
    const waking = [this.#lossOrProbeAt(), this.#sendAt()].filter((at) => at !== undefined);
    return waking.length === 0 ? undefined : Math.min(...waking);
  }

  // ---- what it is told

  #takeBlock(index: number, bytes: Uint8Array): void {
    if (index >= this.#asked || index < this.#verified || this.#blocks.has(index)) return;
    this.#blocks.seal(index, bytes);
  }

  #takeDatagram(bytes: Uint8Array): void {
    if (!isAddressedTo(bytes, DatagramKind.ack, this.#keys.token)) {
      this.#dropped.strangers++;
      return;
    }
    try {
      this.#takeAck(decodeAck(bytes, this.#keys.ack));
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.#dropped.damaged++;
    }
  }

  /** Any order and any number of times: what an ACK says stays true. */
  #takeAck(ack: Ack & { readonly number: number }): void {
    if (ack.number > this.#lastAck) {
      this.#lastAck = ack.number;
      this.#heardAt = this.#now;
    }
    this.#takeRanges(ack);
    if (this.#pathSize.isBlackHole(this.#shortAcked, this.#longAcked)) this.#shrink();
    this.#sizeProbes.push(...this.#pathSize.toProbe(this.#now));
    this.#queue.raiseLimit(this.#limitOf(ack.blockLimit));
    this.#takeVerified(ack.verifiedBlocks);
    if (this.#isOver) return;
    for (const { block, times } of ack.damaged) this.#sendDamagedAgain(block, times);
    this.#detectLoss();
  }

  #takeRanges({ ranges, delayMs }: Ack): void {
    let newest: Newest | undefined;
    let bytes = 0;
    for (const { start, end } of ranges) {
      const last = Math.min(end, this.#history.next) - 1;
      for (let number = last; number >= Math.max(start, this.#history.floor); number--) {
        if (this.#history.isInFlight(number)) {
          newest ??= this.#newest(number);
          bytes += this.#history.bytes(number);
          this.#settle(number);
        } else if (this.#history.isLost(number)) {
          this.#losses.onSpurious(number, this.#now);
          this.#rate.onSpurious(this.#history.bytes(number));
          this.#settle(number);
        }
      }
    }
    if (newest !== undefined) this.#onDelivered(newest, bytes, newest.number === topOf(ranges), delayMs);
  }

  #newest(number: number): Newest {
    return { number, sentAt: this.#history.sentAt(number), mark: this.#history.mark(number) };
  }

  #settle(number: number): void {
    const name = this.#history.piece(number);
    const block = this.#blocks.blockOf(name);
    if (block !== undefined) block.isThere[this.#blocks.pieceOf(name)] = 1;
    else if (name < NO_PIECE) this.#onSizeProbeAcked(-name);
    if (this.#history.bytes(number) > BASE_DATAGRAM_BYTES)
      this.#longAcked = Math.max(this.#longAcked ?? 0, number);
    else if (name === -BASE_DATAGRAM_BYTES) this.#shortAcked = Math.max(this.#shortAcked ?? 0, number);
    this.#history.settle(number);
  }

  #onDelivered({ number, sentAt, mark }: Newest, bytes: number, isTop: boolean, delayMs: Millis): void {
    this.#losses.onAcked(number);
    if (isTop) {
      this.#rtt.update(this.#now - sentAt, delayMs);
      this.#rate.onRttSample(this.#rtt.latestMs, this.#now);
    }
    this.#rate.onDelivered(bytes, mark, sentAt, this.#history.inFlightBytes, this.#now);
  }

  #takeVerified(verifiedBlocks: number): void {
    const verified = Math.min(verifiedBlocks, this.#queue.block);
    if (verified <= this.#verified) return;
    while (this.#verified < verified) this.#blocks.release(this.#verified++);
    this.#events.push({ kind: 'progress', verifiedBytes: bytesBefore(this.#sizeBytes, verified) });
    if (verified === this.#blockCount) this.#end({ kind: 'finished' });
  }

  #sendDamagedAgain(index: number, times: number): void {
    const block = this.#blocks.get(index);
    if (block === undefined || times <= block.timesDamaged) return;
    this.#damages += times - block.timesDamaged;
    block.timesDamaged = times;
    block.isThere.fill(0);
    block.isSealedSingly = true;
    if (this.#damages < DAMAGES_UNTIL_SINGLY) this.#cutAnew([block]);
    else {
      this.#blocks.sealSingly();
      this.#cutAnew([...this.#blocks.all()]);
    }
  }

  /** What is in flight of them is not known any more, and what the receiver lacks goes again. */
  #cutAnew(blocks: readonly SealedBlock[]): void {
    const cut = new Set(blocks);
    this.#history.forgetPieces((name) => {
      const block = this.#blocks.blockOf(name);
      return block !== undefined && cut.has(block);
    });
    for (const block of blocks) {
      this.#blocks.cutAnew(block);
      this.#queue.restart(block);
    }
  }

  /** Long datagrams vanish: none of those in flight arrives. The path is no slower for that. */
  #shrink(): void {
    for (let number = this.#history.oldest; number < this.#history.next; number++) {
      if (this.#history.isInFlight(number)) this.#history.markLost(number);
    }
    this.#blocks.setDatagramBytes(this.#pathSize.bytes);
    this.#cutAnew([...this.#blocks.all()]);
  }

  #onSizeProbeAcked(bytes: number): void {
    this.#pathSize.onProbeAcked(bytes);
    this.#blocks.setDatagramBytes(this.#pathSize.bytes);
  }

  #detectLoss(): void {
    this.#losses.detect(this.#now, (number) => {
      const name = this.#history.piece(number);
      // A probe of the path's size says nothing of its rate.
      if (name < NO_PIECE) return;
      this.#rate.onLost(this.#history.bytes(number));
      this.#queue.sendAgain(name);
    });
  }

  // ---- time

  #takeTime(): void {
    const due = this.#lossOrProbeAt();
    if (due === undefined || due > this.#now || this.#isWakingUp(due)) return;
    if (this.#losses.lossAt !== undefined && this.#losses.lossAt <= this.#now) this.#detectLoss();
    else this.#probe();
  }

  /** After a pause of the process, the acknowledgements that came meanwhile are read before anything is taken for lost. */
  #isWakingUp(due: Millis): boolean {
    const isLate = this.#sleepyUntil === undefined && this.#now - due > LATE_MS;
    if (this.#now - due > SLEPT_MS) this.#heardAt = this.#now;
    this.#sleepyUntil = isLate ? this.#now + 1 : undefined;
    return isLate;
  }

  #lossOrProbeAt(): Millis | undefined {
    const at = this.#losses.lossAt ?? this.#probeAt();
    return at === undefined || this.#sleepyUntil === undefined ? at : Math.max(at, this.#sleepyUntil);
  }

  /** Undefined while the next word is this side's: blocks to be read or to be sent. */
  #probeAt(): Millis | undefined {
    if (this.#history.inFlight > 0) return this.#losses.probeAt(this.#sentAt);
    if (this.#queue.hasNext || !this.#isAllSent) return undefined;
    return this.#losses.probeAt(Math.max(this.#sentAt, this.#heardAt));
  }

  /** As far as the receiver lets. */
  get #isAllSent(): boolean {
    return this.#queue.block === this.#blockCount || this.#queue.isAtLimit;
  }

  #probe(): void {
    if (this.#now - this.#heardAt >= STALL_MS && this.#losses.probesUnanswered >= STALL_PROBES) {
      this.#end({ kind: 'stalled' });
      return;
    }
    this.#losses.onProbe();
    if (this.#losses.probesUnanswered >= PROBES_UNTIL_DOUBT && this.#pathSize.doubt(this.#history.next))
      this.#sizeProbes.push(...Array<number>(SHORT_PROBES).fill(BASE_DATAGRAM_BYTES));
    if (this.#history.inFlight > 0) this.#probeWithOldest();
    else this.#probeWithHead();
  }

  #probeWithOldest(): void {
    this.#probes.length = 0;
    const { oldest, next } = this.#history;
    for (let number = oldest; number < next && this.#probes.length < PROBE_DATAGRAMS; number++) {
      if (this.#history.isInFlight(number)) this.#probes.push(this.#history.piece(number));
    }
    const first = this.#probes[0] ?? NO_PIECE;
    while (this.#probes.length < MIN_PROBE_DATAGRAMS) this.#probes.push(first);
  }

  /**
   * Everything sent was acknowledged, and yet the receiver waits. Either its limit is reached: then a piece beyond it asks for
   * news. Or somebody forged datagrams with the numbers of ours: then the first block it lacks is sent again.
   */
  #probeWithHead(): void {
    const head = this.#blocks.get(this.#verified);
    if (head === undefined) return;
    if (this.#verified < this.#queue.block) this.#queue.sendBlockAgain(head);
    else this.#probes.push(this.#blocks.nameOf({ block: head, piece: 0 }));
  }

  // ---- what it asks for

  #nextNeed(): SendOut | undefined {
    const end = Math.min(
      this.#blockCount,
      this.#queue.block + READ_AHEAD_BLOCKS,
      this.#verified + this.#windowBlocks,
    );
    this.#asked = this.#skip.firstMissing(this.#asked);
    if (this.#asked >= end) return undefined;
    const index = this.#asked++;
    return {
      kind: 'needBlock',
      index,
      offset: index * BLOCK_BYTES,
      length: blockLength(this.#sizeBytes, index),
    };
  }

  #nextDatagram(): SendOut | undefined {
    if (this.#burstLeft === 0) return undefined;
    if (this.#history.next > MAX_NUMBER) {
      this.#end({ kind: 'stalled' });
      return this.#events.shift();
    }
    // The short one goes last: when it is acknowledged, the long ones before it have arrived or are lost.
    const probe = this.#nextProbe();
    const probeBytes = probe === undefined ? this.#sizeProbes.shift() : undefined;
    if (probeBytes !== undefined) return this.#sendSizeProbe(probeBytes);
    const piece = probe ?? (this.#mayAdd ? this.#queue.take() : undefined);
    if (piece !== undefined) return this.#send(piece);
    if (this.#mayAdd) this.#rate.onLimited(this.#history.inFlightBytes);
    return undefined;
  }

  #nextProbe(): PieceAt | undefined {
    for (let name = this.#probes.shift(); name !== undefined; name = this.#probes.shift()) {
      const block = this.#blocks.blockOf(name);
      if (block !== undefined) return { block, piece: this.#blocks.pieceOf(name) };
    }
    return undefined;
  }

  get #hasRoom(): boolean {
    return this.#history.inFlightBytes < this.#windowBytes && !this.#history.isFull;
  }

  get #mayAdd(): boolean {
    return this.#hasRoom && this.#pacer.maySend;
  }

  #send(at: PieceAt): SendOut {
    const { block, piece } = at;
    const offset = piece * block.pieceBytes;
    const { isSealedSingly, sealed } = block;
    const length = overheadOf(isSealedSingly) + Math.min(block.pieceBytes, sealed.length - offset);
    const space = this.#ring.take(length);
    const header = { token: this.#keys.token, number: this.#history.next, block: block.index, offset };
    if (isSealedSingly) encodePiece(space, header, sealed, this.#keys.piece);
    else encodeData(space, header, sealed);
    this.#noteSent(this.#blocks.nameOf(at), length);
    this.#out.bytes = space.bytes;
    return this.#out;
  }

  #sendSizeProbe(length: number): SendOut {
    const space = this.#ring.take(length);
    encodeProbe(space, this.#keys.token, this.#history.next);
    this.#noteSent(-length, length);
    this.#out.bytes = space.bytes;
    return this.#out;
  }

  #noteSent(name: number, length: number): void {
    const isIdle = this.#history.inFlight === 0;
    if (isIdle) this.#heardAt = Math.max(this.#heardAt, this.#losses.probesUnanswered === 0 ? this.#now : 0);
    this.#history.add(name, length, this.#now, this.#rate.markFor(this.#now, isIdle));
    this.#pacer.take(length);
    this.#sentAt = this.#now;
    this.#burstLeft--;
  }

  /** When the next datagram may go, if there is one. */
  #sendAt(): Millis | undefined {
    if (this.#probes.length + this.#sizeProbes.length > 0) return this.#now;
    if (!this.#hasRoom || !this.#queue.hasNext) return undefined;
    return this.#pacer.maySend ? this.#now : this.#pacer.readyAt(this.#now, this.#rate.pacingRate);
  }

  #end(event: SendOut): void {
    this.#isOver = true;
    this.#events.push(event);
  }

  #limitOf(blocks: number): number {
    return Math.min(blocks, this.#blockCount);
  }

  #piecesInWindow(pieceBytes: number): number {
    const bytes = Math.min(this.#sizeBytes, this.#windowBlocks * BLOCK_BYTES);
    return Math.max(64, 2 * Math.ceil(bytes / pieceBytes));
  }
}

function topOf(ranges: Ack['ranges']): number {
  return (ranges[0]?.end ?? 0) - 1;
}
