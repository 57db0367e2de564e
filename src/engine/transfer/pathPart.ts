// One session's part of what its path takes: the model of the path is that of all sessions over it, and what the model says is divided.

import type { Millis } from '../../base/clock.ts';
import type { Disposable } from '../../base/disposable.ts';
import type { Claim, CommonRate } from './commonRate.ts';
import type { DeliveryMark } from './deliveryRate.ts';
import { SMALL_BYTES } from './params.ts';
import type { RateController } from './rateController.ts';

/** However many share a slow path, each has room for so many datagrams, or acknowledgements would be waited for one by one. */
const MIN_DATAGRAMS = 2;

/** Who knows which model there is for the path at present. */
export interface PathModels {
  /** That of the sessions that are on the path; a new one for the first of them. */
  common(datagramBytes: number): CommonRate;
  /** This model's path is gone. */
  forget(common: CommonRate): void;
  /** A session is over. */
  left(): void;
}

export class PathPart implements Claim, Disposable {
  readonly isSmall: boolean;
  readonly #models: PathModels;
  #common: CommonRate | undefined;
  #leastBytes = 0;
  #inFlightBytes = 0;
  #wantsMore = true;
  #isSilent = false;
  #isDisposed = false;

  /** `bytesLeft`: how much of the file is to be sent. */
  constructor(models: PathModels, bytesLeft: number) {
    this.#models = models;
    this.isSmall = bytesLeft <= SMALL_BYTES;
  }

  get inFlightBytes(): number {
    return this.#isSilent ? 0 : this.#inFlightBytes;
  }

  get wantsMore(): boolean {
    return this.#wantsMore && !this.#isSilent;
  }

  /** Of a path, with datagrams of up to `mostBytes` and at first of `firstBytes`. On another one than before, nothing is in flight. */
  enter(mostBytes: number, firstBytes: number): void {
    this.#common = this.#models.common(firstBytes);
    this.#leastBytes = MIN_DATAGRAMS * mostBytes;
    this.#inFlightBytes = 0;
    this.#common.enter(this);
  }

  /** The receiver is not where the path leads to any more. `enter` follows. */
  leave(): void {
    const common = this.#open;
    common.leave(this);
    this.#models.forget(common);
  }

  /** The session is over. What it had in flight is nobody's. */
  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.#common?.leave(this);
    this.#models.left();
  }

  /** Whenever it may have changed. */
  note(inFlightBytes: number, wantsMore: boolean): void {
    this.#inFlightBytes = inFlightBytes;
    this.#wantsMore = wantsMore;
  }

  /** Nothing was heard for so long that a probe is due: the others need not leave room for it. */
  onSilence(): void {
    this.#isSilent = true;
  }

  /** Bytes per ms to send at. */
  get pacingRate(): number {
    return this.#model.pacingRate * this.#open.shareOf(this);
  }

  /** Bytes to have in flight at most. */
  get windowBytes(): number {
    return Math.max(this.#leastBytes, this.#model.windowBytes * this.#open.shareOf(this));
  }

  /** What the buffers on the way take at once, as far as is known. */
  get roomBytes(): number {
    return this.#model.roomBytes;
  }

  /** For a datagram of so many bytes that is sent now; `isIdle`: nothing of this session was in flight. */
  onSent(bytes: number, now: Millis, isIdle: boolean): DeliveryMark {
    this.#inFlightBytes += bytes;
    return this.#model.markFor(now, isIdle && this.#open.inFlightBeside(this) === 0);
  }

  /** There is nothing more to send. */
  onLimited(inFlightBytes: number): void {
    this.note(inFlightBytes, false);
    if (this.#open.isLimited) this.#model.onLimited(inFlightBytes + this.#open.inFlightBeside(this));
  }

  onLost(bytes: number): void {
    this.#model.onLost(bytes);
  }

  /** What was taken for lost has arrived after all. */
  onSpurious(bytes: number): void {
    this.#model.onSpurious(bytes);
  }

  /** The path loses some by itself. */
  isLossyAt(now: Millis): boolean {
    return this.#model.isLossyAt(now);
  }

  onRttSample(rttMs: Millis, now: Millis): void {
    this.#model.onRttSample(rttMs, now);
  }

  /** After `bytes` were acknowledged at once; `mark` and `sentAt` are those of the newest datagram among them. */
  onDelivered(bytes: number, mark: DeliveryMark, sentAt: Millis, inFlightBytes: number, now: Millis): void {
    this.#isSilent = false;
    this.#inFlightBytes = inFlightBytes;
    const inFlightOfAll = inFlightBytes + this.#open.inFlightBeside(this);
    this.#model.onDelivered(bytes, mark, sentAt, inFlightOfAll, now);
  }

  get #model(): RateController {
    return this.#open.model;
  }

  get #open(): CommonRate {
    if (this.#common === undefined) throw new Error('a part of a path was used before it was entered');
    return this.#common;
  }
}
