// What was sent and is not settled: a ring over the datagram numbers, in flat arrays, so that sending allocates nothing.

import type { Millis } from '../../base/clock.ts';
import { MAX_NUMBER } from '../../wire/datagramEnvelope.ts';
import type { DeliveryMark } from './deliveryRate.ts';

/** Numbers below the oldest in flight of which it is still known that they were taken for lost. */
const REMEMBERED = 256;

/** The name of no piece: a datagram whose block was cut anew. */
export const NO_PIECE = -1;
/** … and of a PROBE, of the path's size or of a place: one that is lost says nothing of the rate. */
export const PROBE = -2;

const Fate = { settled: 0, inFlight: 1, lost: 2 } as const;

export class SentHistory {
  readonly #mask: number;
  readonly #fates: Uint8Array;
  readonly #sentAt: Float64Array;
  readonly #bytes: Uint16Array;
  /** Which piece of which block, as the sender numbers them. */
  readonly #pieces: Float64Array;
  readonly #marks: DeliveryMark[];
  #next = 0;
  #oldest = 0;
  #inFlight = 0;
  #inFlightBytes = 0;

  /** Room for `capacity` datagrams in flight, rounded up to a power of two. */
  constructor(capacity: number) {
    const size = 2 ** Math.ceil(Math.log2(capacity + REMEMBERED));
    this.#mask = size - 1;
    this.#fates = new Uint8Array(size);
    this.#sentAt = new Float64Array(size);
    this.#bytes = new Uint16Array(size);
    this.#pieces = new Float64Array(size);
    this.#marks = new Array<DeliveryMark>(size);
  }

  /** The number of the datagram that is sent next. */
  get next(): number {
    return this.#next;
  }

  /** No number below it is in flight. */
  get oldest(): number {
    return this.#oldest;
  }

  /** Nothing is known of numbers below. */
  get floor(): number {
    return Math.max(0, this.#oldest - REMEMBERED);
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get inFlightBytes(): number {
    return this.#inFlightBytes;
  }

  /** There is no room for another, or no number. */
  get isFull(): boolean {
    return this.#next - this.#oldest > this.#mask - REMEMBERED || this.next > MAX_NUMBER;
  }

  add(piece: number, bytes: number, sentAt: Millis, mark: DeliveryMark): void {
    const at = this.#next++ & this.#mask;
    this.#fates[at] = Fate.inFlight;
    this.#sentAt[at] = sentAt;
    this.#bytes[at] = bytes;
    this.#pieces[at] = piece;
    this.#marks[at] = mark;
    this.#inFlight++;
    this.#inFlightBytes += bytes;
  }

  isInFlight(number: number): boolean {
    return this.#fates[number & this.#mask] === Fate.inFlight;
  }

  /** Taken for lost, and not acknowledged since. */
  isLost(number: number): boolean {
    return this.#fates[number & this.#mask] === Fate.lost;
  }

  sentAt(number: number): Millis {
    return this.#sentAt[number & this.#mask] as number;
  }

  bytes(number: number): number {
    return this.#bytes[number & this.#mask] as number;
  }

  piece(number: number): number {
    return this.#pieces[number & this.#mask] as number;
  }

  mark(number: number): DeliveryMark {
    return this.#marks[number & this.#mask] as DeliveryMark;
  }

  /** Nothing more is expected of it. */
  settle(number: number): void {
    if (this.isInFlight(number)) this.#land(number);
    this.#fates[number & this.#mask] = Fate.settled;
    this.#moveOldest();
  }

  /** Only for a number in flight. */
  markLost(number: number): void {
    this.#land(number);
    this.#fates[number & this.#mask] = Fate.lost;
    this.#moveOldest();
  }

  /** All that are in flight. */
  loseAll(): void {
    for (let number = this.#oldest; number < this.#next; number++) {
      if (this.isInFlight(number)) this.markLost(number);
    }
  }

  /** Those that `isOf` says carry no piece that is still known. */
  forgetPieces(isOf: (piece: number) => boolean): void {
    for (let number = this.floor; number < this.#next; number++) {
      if (isOf(this.piece(number))) this.#pieces[number & this.#mask] = NO_PIECE;
    }
  }

  #land(number: number): void {
    this.#inFlight--;
    this.#inFlightBytes -= this.bytes(number);
  }

  #moveOldest(): void {
    while (this.#oldest < this.#next && !this.isInFlight(this.#oldest)) this.#oldest++;
  }
}
