// When nothing comes, the receiver says what it has, without being asked. It may have moved, and a sender that sends to where it was would
// never learn: only an acknowledgement shows where the receiver is.

import type { Millis } from '../../base/clock.ts';
import { FIRST_NUDGE_MS, MAX_NUDGE_MS } from './params.ts';

export class Nudge {
  #waitMs = FIRST_NUDGE_MS;
  #at: Millis | undefined;

  /** When to say it; undefined before anything has come. */
  get at(): Millis | undefined {
    return this.#at;
  }

  hear(now: Millis): void {
    this.#waitMs = FIRST_NUDGE_MS;
    this.#at = now + this.#waitMs;
  }

  /** Whether it is to be said now; then the next time is twice as far away. */
  take(now: Millis): boolean {
    if (this.#at === undefined || now < this.#at) return false;
    this.#waitMs = Math.min(MAX_NUDGE_MS, 2 * this.#waitMs);
    this.#at = now + this.#waitMs;
    return true;
  }
}
