// Files give way to words: while a message is on its way to a disk and to the other side, here or there, no datagram of a file goes out,
// and no block is read, hashed or written. It is a few milliseconds; whoever waits for a file does not feel them, and whoever waits for the
// message is spared the queue for the processor and for the disk.

import type { Clock, Millis } from '../../base/clock.ts';
import type { Disposable } from '../../base/disposable.ts';
import type { Quiet } from '../io/quiet.ts';
import type { StartTimer } from '../io/startTimer.ts';

/** A message that is not there by then waits for the network, which a file that stands still does not help. Nearly all of one network are. */
const MOST_MS: Millis = 12;
/** When it is there, a window is still to be told. */
const LAST_MS: Millis = 3;
/** Of all time, whatever comes … */
const SHARE = 3 / 4;
/** … and so much of it in a row: hundreds of messages that waited for somebody do not stop a file. */
const IN_A_ROW_MS: Millis = 48;
/** Less is not worth waking a thread for. */
const LEAST_MS: Millis = 0.5;

export class GivingWay {
  readonly #giveWay: (ms: Millis) => void;
  readonly #clock: Clock;
  readonly #startTimer: StartTimer;
  /** Of those who wait for the end of it. */
  #calm: PromiseWithResolvers<void> | undefined;
  #timer: Disposable | undefined;
  #timerAt: Millis = 0;
  #allowedMs = IN_A_ROW_MS;
  #until: Millis;
  #settledAt: Millis;

  /** `giveWay`: what leaves this computer waits for so long from now on, whatever was said before. */
  constructor(giveWay: (ms: Millis) => void, clock: Clock, startTimer: StartTimer) {
    this.#giveWay = giveWay;
    this.#clock = clock;
    this.#startTimer = startTimer;
    this.#settledAt = clock.now();
    this.#until = this.#settledAt;
  }

  /** Messages are about to be stored. */
  begin(): void {
    const now = this.#settle();
    const ms = Math.min(MOST_MS, this.#allowedMs);
    if (ms >= LEAST_MS && now + ms > this.#until) this.#give(ms, now);
  }

  /** They are stored, on the other side, too, or it has been told so. */
  end(): void {
    const now = this.#settle();
    if (this.#until - now > LAST_MS) this.#give(LAST_MS, now);
  }

  /** For whoever reads files here, or writes them. */
  readonly quiet: Quiet = () => {
    const now = this.#clock.now();
    if (now >= this.#until) return undefined;
    if (this.#calm === undefined) {
      this.#calm = Promise.withResolvers();
      this.#lookWhenOver(now);
    }
    return this.#calm.promise;
  };

  #give(ms: Millis, now: Millis): void {
    this.#until = now + ms;
    // Not for what ends later: a timer that is put off by each of hundreds of messages never rings.
    if (this.#calm !== undefined && this.#until < this.#timerAt) this.#lookWhenOver(now);
    this.#giveWay(ms);
  }

  #lookWhenOver(now: Millis): void {
    this.#timer?.dispose();
    this.#timerAt = this.#until;
    this.#timer = this.#startTimer(this.#until - now, () => this.#look());
  }

  #look(): void {
    const now = this.#clock.now();
    if (now < this.#until) return this.#lookWhenOver(now);
    this.#calm?.resolve();
    this.#calm = undefined;
  }

  #settle(): Millis {
    const now = this.#clock.now();
    const passedMs = now - this.#settledAt;
    const gaveMs = Math.max(0, Math.min(now, this.#until) - this.#settledAt);
    this.#allowedMs = Math.min(IN_A_ROW_MS, this.#allowedMs + passedMs * SHARE - gaveMs);
    this.#settledAt = now;
    return now;
  }
}
