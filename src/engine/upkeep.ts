// Work on the store that can wait, done in small pieces while nothing else is going on: the index of words, and the last
// traces of what was deleted. What is left undone when the engine stops is done by the next one.

import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import type { Logger } from '../base/logger.ts';
import { FailureError } from '../contract/failure.ts';
import type { StartTimer } from './io/startTimer.ts';

/** After the last change. */
const IDLE_MS = 250;
/** Between two pieces: as long as the last one took, times this, so that most of the time is everybody else's. */
const PAUSE_FACTOR = 4;
const LEAST_PAUSE_MS = 5;

export class Upkeep implements Disposable {
  readonly #work: () => boolean;
  readonly #log: Logger;
  readonly #clock: Clock;
  readonly #startTimer: StartTimer;
  #timer: Disposable | undefined;
  #isDisposed = false;

  /** `work` does a piece of some milliseconds and answers whether there is more. */
  constructor(work: () => boolean, log: Logger, clock: Clock, startTimer: StartTimer) {
    this.#work = work;
    this.#log = log;
    this.#clock = clock;
    this.#startTimer = startTimer;
  }

  /** There may be something to do. */
  soon(): void {
    if (this.#timer === undefined) this.#wait(IDLE_MS);
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#timer?.dispose();
  }

  #wait(ms: number): void {
    if (!this.#isDisposed) this.#timer = this.#startTimer(ms, () => this.#run());
  }

  #run(): void {
    this.#timer = undefined;
    const start = this.#clock.now();
    if (this.#isThereMore()) this.#wait(Math.max(LEAST_PAUSE_MS, PAUSE_FACTOR * (this.#clock.now() - start)));
  }

  /** A disk that is full is tried again after the next change. */
  #isThereMore(): boolean {
    try {
      return this.#work();
    } catch (error) {
      if (!(error instanceof FailureError)) throw error;
      this.#log.warn(`upkeep has to wait: ${error.message}`);
      return false;
    }
  }
}
