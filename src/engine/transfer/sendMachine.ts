// The sender of one session: asks for blocks, seals them, sends their pieces at the path's rate until the receiver has verified all.
// README.md of this room is its protocol page.

import { assertNever } from '../../base/assertNever.ts';
import type { Millis } from '../../base/clock.ts';
import type { Machine } from '../../base/machine.ts';
import { type Ack, decodeAck } from '../../wire/ackDatagram.ts';
import { DatagramKind, isAddressedTo, MAX_NUMBER } from '../../wire/datagramEnvelope.ts';
import { DecodeError } from '../../wire/decodeError.ts';
import { MIN_PROBE_BYTES } from '../../wire/probeDatagram.ts';
import { DatagramWriter } from './datagramWriter.ts';
import type { DeliveryMark } from './deliveryRate.ts';
import {
  DATAGRAM_BYTES,
  MIN_PROBE_DATAGRAMS,
  PROBE_DATAGRAMS,
  PROBES_UNTIL_DOUBT,
  STALL_PROBES,
} from './params.ts';
import { PathModel } from './pathModel.ts';
import type { PathPart } from './pathPart.ts';
import { PathShare } from './pathShare.ts';
import { BASE_DATAGRAM_BYTES } from './pathSize.ts';
import { Patience } from './patience.ts';
import { PeerPlace } from './peerPlace.ts';
import { overheadOf, type PieceAt } from './sealedBlocks.ts';
import { SendWindow } from './sendWindow.ts';
import { PROBE, type SentHistory } from './sentHistory.ts';
import type { SentCounts } from './sentTally.ts';
import { TailProbes } from './tailProbes.ts';
import type { DroppedDatagrams, SendIn, SendOptions, SendOut } from './transferIo.ts';

interface Newest {
  readonly number: number;
  readonly sentAt: Millis;
  readonly mark: DeliveryMark;
}

export class SendMachine implements Machine<SendIn, SendOut> {
  readonly #options: SendOptions;
  readonly #datagramBytes: number;
  readonly #part: PathPart;
  readonly #window: SendWindow;
  readonly #history: SentHistory;
  readonly #writer: DatagramWriter;
  readonly #probes: TailProbes;
  readonly #patience = new Patience();
  readonly #place = new PeerPlace();
  readonly #dropped = { strangers: 0, damaged: 0, unexpected: 0 };
  readonly #events: SendOut[] = [];
  readonly #out: { kind: 'datagram'; bytes: Uint8Array };
  #path: PathModel;
  #isOver = false;
  #lastAck = -1;
  #now: Millis = 0;
  #sentAt: Millis = 0;
  #standsUntil: Millis = 0;
  #windowBytes = 0;
  #burstLeft = 0;
  /** Bytes of sealed blocks in all datagrams so far. */
  #pieceBytes = 0;

  constructor(options: SendOptions) {
    this.#options = options;
    this.#datagramBytes = options.datagramBytes ?? DATAGRAM_BYTES;
    this.#part = options.part ?? new PathShare().join(options.sizeBytes);
    const firstBytes = options.firstDatagramBytes ?? this.#datagramBytes;
    this.#window = new SendWindow(options, firstBytes);
    this.#history = this.#window.history;
    this.#writer = new DatagramWriter(options.keys);
    this.#probes = new TailProbes(this.#window.blocks);
    this.#path = this.#newPath(this.#datagramBytes, firstBytes);
    this.#out = { kind: 'datagram', bytes: new Uint8Array() };
  }

  get dropped(): DroppedDatagrams {
    return this.#dropped;
  }

  get counts(): SentCounts {
    const { sentBlocks: blocks, sentBytes } = this.#window;
    return { piecesAgainBytes: this.#pieceBytes - sentBytes, blocks };
  }

  handle(input: SendIn, now: Millis): void {
    if (this.#isOver) return;
    this.#now = now;
    switch (input.kind) {
      case 'block':
        this.#window.take(input.index, input.bytes);
        break;
      case 'datagram':
        this.#takeDatagram(input.bytes, input.place ?? 0);
        break;
      case 'giveWay':
        this.#standsUntil = now + input.ms;
        break;
      case 'time':
        this.#takeTime();
        break;
      default:
        assertNever(input);
    }
    this.#makeRoom();
  }

  #makeRoom(): void {
    const { pacer, rate, burstDatagrams } = this.#path;
    rate.note(this.#history.inFlightBytes, this.#window.queue.hasNext);
    pacer.fill(this.#now, rate.pacingRate, rate.roomBytes);
    this.#windowBytes = rate.windowBytes;
    this.#burstLeft = burstDatagrams;
  }

  poll(): SendOut | undefined {
    const event = this.#events.shift();
    if (event !== undefined || this.#isOver) return event;
    return this.#window.nextNeed() ?? this.#nextPlaceProbe() ?? this.#nextDatagram();
  }

  deadline(): Millis | undefined {
    if (this.#isOver) return undefined;
    const waking = [this.#lossOrProbeAt(), this.#sendAt(), this.#placeToAsk?.at];
    const soonest = Math.min(...waking.map((at) => at ?? Number.POSITIVE_INFINITY));
    return soonest === Number.POSITIVE_INFINITY ? undefined : soonest;
  }

  // ---- what it is told

  #takeDatagram(bytes: Uint8Array, place: number): void {
    const { token, ack } = this.#options.keys;
    if (!isAddressedTo(bytes, DatagramKind.ack, token)) {
      this.#dropped.strangers++;
      return;
    }
    try {
      this.#takeAck(decodeAck(bytes, ack), place);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.#dropped.damaged++;
    }
  }

  /** Any order and any number of times: what an ACK says stays true. */
  #takeAck(ack: Ack & { readonly number: number }, place: number): void {
    const movedTo = this.#place.onEcho(ack.echo);
    if (ack.number > this.#lastAck) {
      this.#lastAck = ack.number;
      this.#patience.hear(this.#now);
      this.#place.onNews(place, this.#now);
    }
    this.#takeRanges(ack);
    if (movedTo !== undefined) this.#moveTo(movedTo);
    if (this.#path.size.isBlackHole()) this.#window.cutAllAnew(this.#path.size.bytes);
    this.#path.size.tryLonger(this.#now);
    const verifiedBytes = this.#window.takeNews(ack);
    if (verifiedBytes !== undefined) this.#events.push({ kind: 'progress', verifiedBytes });
    if (this.#window.isVerified) return this.#end({ kind: 'finished' });
    // The receiver has a number that was never sent: it is somebody else's.
    if (topOf(ack.ranges) >= this.#history.next) this.#window.sealAllSingly();
    for (const damaged of ack.damaged) this.#window.sendDamagedAgain(damaged);
    this.#detectLoss();
  }

  #takeRanges({ ranges, delayMs }: Ack): void {
    let newest: Newest | undefined;
    let bytes = 0;
    for (const { start, end } of ranges) {
      const last = Math.min(end, this.#history.next) - 1;
      for (let number = last; number >= Math.max(start, this.#history.floor); number--) {
        const isInFlight = this.#history.isInFlight(number);
        if (!isInFlight && !this.#history.isLost(number)) continue;
        if (isInFlight) {
          newest ??= this.#newest(number);
          bytes += this.#history.bytes(number);
        } else this.#onSpurious(number);
        this.#settle(number);
      }
    }
    if (newest !== undefined) this.#onDelivered(newest, bytes, newest.number === topOf(ranges), delayMs);
  }

  #newest(number: number): Newest {
    return { number, sentAt: this.#history.sentAt(number), mark: this.#history.mark(number) };
  }

  /** What was sent before the receiver moved says nothing of the path there is now. */
  #onSpurious(number: number): void {
    const { losses, rate, firstNumber } = this.#path;
    if (number < firstNumber) return;
    losses.onSpurious(number, this.#now);
    rate.onSpurious(this.#history.bytes(number));
  }

  #settle(number: number): void {
    const name = this.#history.piece(number);
    const { size, firstNumber } = this.#path;
    if (number >= firstNumber) size.onAcked(number, this.#history.bytes(number), name === PROBE);
    if (name === PROBE) this.#window.blocks.setDatagramBytes(size.bytes);
    else this.#window.settle(name);
    this.#history.settle(number);
  }

  #onDelivered({ number, sentAt, mark }: Newest, bytes: number, isTop: boolean, delayMs: Millis): void {
    const { losses, rtt, rate } = this.#path;
    losses.onAcked(number);
    if (isTop) {
      rtt.update(this.#now - sentAt, delayMs);
      rate.onRttSample(rtt.latestMs, this.#now);
    }
    rate.onDelivered(bytes, mark, sentAt, this.#history.inFlightBytes, this.#now);
  }

  #detectLoss(): void {
    this.#path.losses.detect(this.#now, (number) => {
      const name = this.#history.piece(number);
      if (name === PROBE) return;
      this.#path.rate.onLost(this.#history.bytes(number));
      this.#window.queue.sendAgain(name);
    });
  }

  // ---- the path

  #newPath(mostBytes: number, firstBytes: number): PathModel {
    return new PathModel(this.#history, { mostBytes, firstBytes, part: this.#part });
  }

  /** All that is known of the path was of another one. Large datagrams are for paths that are known to carry them: not this one. */
  #moveTo(place: number): void {
    this.#part.leave();
    this.#path = this.#newPath(Math.min(DATAGRAM_BYTES, this.#datagramBytes), BASE_DATAGRAM_BYTES);
    this.#window.cutAllAnew(this.#path.size.bytes);
    this.#events.push({ kind: 'moved', place });
  }

  // ---- time

  #takeTime(): void {
    const due = this.#lossOrProbeAt();
    if (due === undefined || due > this.#now || this.#patience.isWakingUp(due, this.#now)) return;
    const { lossAt } = this.#path.losses;
    if (lossAt === undefined || lossAt > this.#now) return this.#probe();
    this.#detectLoss();
    this.#makeRoom();
    // Where nothing of what was lost may go again, or need not, the probe that was due, too, goes at once.
    const next = this.#lossOrProbeAt() ?? Number.POSITIVE_INFINITY;
    if (next <= this.#now && !(this.#mayAdd && this.#window.queue.hasNext)) this.#probe();
  }

  #lossOrProbeAt(): Millis | undefined {
    const at = this.#path.losses.lossAt ?? this.#probeAt();
    return at === undefined ? undefined : this.#patience.awakeAt(at);
  }

  /** Undefined while the next word is this side's: blocks to be read or to be sent. */
  #probeAt(): Millis | undefined {
    const { losses } = this.#path;
    if (this.#history.inFlight > 0) return losses.probeAt(this.#sentAt);
    if (this.#window.queue.hasNext || !this.#window.isAllSent) return undefined;
    return losses.probeAt(Math.max(this.#sentAt, this.#patience.heardAt));
  }

  #probe(): void {
    const { losses, size, rate, rtt } = this.#path;
    if (this.#patience.isOver(this.#now) && losses.probesUnanswered >= STALL_PROBES)
      return this.#end({ kind: 'stalled' });
    losses.onProbe();
    rate.onSilence();
    const isInDoubt = losses.probesUnanswered >= PROBES_UNTIL_DOUBT;
    if (isInDoubt) size.doubt(this.#history.next);
    // Where nothing goes through, more of it does not help; where nothing has yet, the line may be thin.
    const most = isInDoubt || !rtt.hasSample ? MIN_PROBE_DATAGRAMS : PROBE_DATAGRAMS;
    if (this.#probes.addOldest(this.#history, most)) return;
    const beyond = this.#window.askForNews();
    if (beyond !== undefined) this.#probes.add(beyond);
  }

  // ---- what it asks for

  /** Not while there is no number for it: ACKs from ever new places would have this side woken again and again for nothing. */
  get #placeToAsk(): PeerPlace['asks'] {
    return this.#history.isFull ? undefined : this.#place.asks;
  }

  #nextPlaceProbe(): SendOut | undefined {
    const asks = this.#placeToAsk;
    if (asks === undefined || asks.at > this.#now) return undefined;
    this.#place.onAsked(this.#now + this.#path.rtt.probeTimeoutMs);
    const bytes = this.#writer.probe(MIN_PROBE_BYTES, this.#history.next, asks.challenge);
    this.#noteSent(PROBE, MIN_PROBE_BYTES);
    return { kind: 'probePlace', place: asks.place, bytes };
  }

  #nextDatagram(): SendOut | undefined {
    if (this.#burstLeft <= 0) return undefined;
    if (this.#history.next > MAX_NUMBER) {
      this.#end({ kind: 'stalled' });
      return this.#events.shift();
    }
    // Short ones go last: when one is acknowledged, the long ones before it have arrived or are lost.
    const probe = this.#probes.next();
    const probeBytes = probe === undefined ? this.#path.size.takeProbe() : undefined;
    if (probeBytes !== undefined) return this.#sendSizeProbe(probeBytes);
    const piece = probe ?? (this.#mayAdd ? this.#nextPiece() : undefined);
    if (piece !== undefined) return this.#send(piece);
    if (this.#mayAdd || (this.#stands && this.#isPathDraining))
      this.#path.rate.onLimited(this.#history.inFlightBytes);
    return undefined;
  }

  #nextPiece(): PieceAt | undefined {
    const { rate, rtt } = this.#path;
    const piece = this.#window.queue.take();
    if (piece !== undefined || !rate.isLossyAt(this.#now)) return piece;
    this.#window.doubleTail(this.#now - rtt.smoothedMs / 2);
    return this.#window.queue.take();
  }

  get #hasRoom(): boolean {
    return this.#history.inFlightBytes < this.#windowBytes && !this.#history.isFull;
  }

  get #mayAdd(): boolean {
    return !this.#stands && this.#hasRoom && this.#path.pacer.maySend;
  }

  /** Something else goes first. */
  get #stands(): boolean {
    return this.#now < this.#standsUntil;
  }

  /**
   * Less is in flight than the path holds, half of the window: to stand still is what limits the sender. While a queue is there it is not,
   * and the path must be heard out: else one that has become narrower is not noticed as long as words come.
   */
  get #isPathDraining(): boolean {
    return this.#history.inFlightBytes < this.#windowBytes / 2;
  }

  #send(at: PieceAt): SendOut {
    const bytes = this.#writer.piece(at, this.#history.next);
    this.#noteSent(this.#window.blocks.nameOf(at), bytes.length);
    this.#pieceBytes += bytes.length - overheadOf(at.block.isSealedSingly);
    this.#out.bytes = bytes;
    return this.#out;
  }

  #sendSizeProbe(length: number): SendOut {
    this.#out.bytes = this.#writer.probe(length, this.#history.next);
    this.#noteSent(PROBE, length);
    return this.#out;
  }

  #noteSent(name: number, length: number): void {
    const { losses, rate, pacer } = this.#path;
    const isIdle = this.#history.inFlight === 0;
    if (isIdle && losses.probesUnanswered === 0) this.#patience.hear(this.#now);
    this.#history.add(name, length, this.#now, rate.onSent(length, this.#now, isIdle));
    pacer.take(length);
    this.#sentAt = this.#now;
    this.#burstLeft--;
  }

  /** When the next datagram may go, if there is one. */
  #sendAt(): Millis | undefined {
    const { pacer, rate, size } = this.#path;
    if (!this.#probes.isEmpty || size.hasProbe) return this.#now;
    if (!this.#hasRoom || !this.#window.queue.hasNext) return undefined;
    const pacedAt = pacer.maySend ? this.#now : pacer.readyAt(this.#now, rate.pacingRate);
    return Math.max(pacedAt, this.#standsUntil);
  }

  #end(event: SendOut): void {
    this.#isOver = true;
    this.#events.push(event);
  }
}

function topOf(ranges: Ack['ranges']): number {
  return (ranges[0]?.end ?? 0) - 1;
}
