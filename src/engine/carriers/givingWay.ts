// Files give way to words: while a message is on its way to a disk and to the other side, here or there, no datagram of a file goes out,
// and no blocks begin to be read, hashed or written. It is a few milliseconds; whoever waits for a file does not feel them, and whoever waits
// for the message is spared the queue for the processor and for the disk.

import type { Clock, Millis } from '../../base/clock.ts';
import type { Disposable } from '../../base/disposable.ts';
import type { Quiet } from '../io/quiet.ts';
import type { StartTimer } from '../io/startTimer.ts';

/**
 * A message that is not there by then waits for the network, which a file that stands still does not help. Within one network
 * nearly all are.
 */
const MOST_MS: Millis = 12;
/** When it is there, a window is still to be told. */
const LAST_MS: Millis = 3;
/** Of all time, whatever comes … */
const SHARE = 3 / 4;
/** … and so much of it saved up, which makes 64 ms in a row: hundreds of messages that waited for somebody do not stop a file. */
const SAVED_MS: Millis = 16;
/** Less is not worth waking a thread for. */
const LEAST_MS: Millis = 0.5;

export class GivingWay implements Disposable {
  readonly #giveWay: (ms: Millis) => void;
  readonly #clock: Clock;
  readonly #startTimer: StartTimer;
  /** Of those who wait for the end of it. */
  #calm: PromiseWithResolvers<void> | undefined;
  #timer: Disposable | undefined;
  #allowedMs = SAVED_MS;
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

  /** Whoever waits goes on. */
  dispose(): void {
    this.#goOn();
  }

  #give(ms: Millis, now: Millis): void {
    const before = this.#until;
    this.#until = now + ms;
    // It was over in between: timers come late, and where messages follow each other each of them would find the next one.
    if (now >= before) this.#goOn();
    else if (this.#until < before && this.#calm !== undefined) this.#lookWhenOver(now);
    this.#giveWay(ms);
  }

  #lookWhenOver(now: Millis): void {
    this.#timer?.dispose();
    this.#timer = this.#startTimer(this.#until - now, () => {
      const then = this.#clock.now();
      if (then < this.#until) this.#lookWhenOver(then);
      else this.#goOn();
    });
  }

  #goOn(): void {
    this.#timer?.dispose();
    this.#calm?.resolve();
    this.#calm = undefined;
  }

  #settle(): Millis {
    const now = this.#clock.now();
    const passedMs = now - this.#settledAt;
    const gaveMs = Math.max(0, Math.min(now, this.#until) - this.#settledAt);
    this.#allowedMs = Math.min(SAVED_MS, this.#allowedMs + passedMs * SHARE - gaveMs);
    this.#settledAt = now;
    return now;
  }
}
