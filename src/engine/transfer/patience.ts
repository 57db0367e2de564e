// How long the receiver was not heard, told apart from how long this process was not run.

import type { Millis } from '../../base/clock.ts';
import { LATE_MS, SLEPT_MS, STALL_MS } from './params.ts';

export class Patience {
  #heardAt: Millis = 0;
  #sleepyUntil: Millis | undefined;

  get heardAt(): Millis {
    return this.#heardAt;
  }

  /** Begins anew. */
  hear(now: Millis): void {
    this.#heardAt = Math.max(this.#heardAt, now);
  }

  isOver(now: Millis): boolean {
    return now - this.#heardAt >= STALL_MS;
  }

  /**
   * Of a timer that was due at `due`: after a pause of the process, what came meanwhile is read before anything is taken for lost. After a
   * computer's sleep, patience begins anew.
   */
  isWakingUp(due: Millis, now: Millis): boolean {
    const isLate = this.#sleepyUntil === undefined && now - due > LATE_MS;
    if (now - due > SLEPT_MS) this.hear(now);
    this.#sleepyUntil = isLate ? now + 1 : undefined;
    return isLate;
  }

  /** When a timer for `at` may fire. */
  awakeAt(at: Millis): Millis {
    return this.#sleepyUntil === undefined ? at : Math.max(at, this.#sleepyUntil);
  }
}
