// How many sessions send over one path at a time. Each has its own model of the path and gets its part by it; what they must not do is fill
// the queue before the path once each.

import type { Millis } from '../../base/clock.ts';
import { type Disposable, toDisposable } from '../../base/disposable.ts';

export class PathShare {
  /** As measured last by any of them. */
  shortestRttMs: Millis = Number.POSITIVE_INFINITY;
  #sessions = 0;

  /** At least 1: whoever asks is one. */
  get sessions(): number {
    return Math.max(1, this.#sessions);
  }

  get isIdle(): boolean {
    return this.#sessions === 0;
  }

  /** The path is another one now. */
  forget(): void {
    this.shortestRttMs = Number.POSITIVE_INFINITY;
  }

  /** Until disposed. */
  join(): Disposable {
    this.#sessions++;
    return toDisposable(() => {
      this.#sessions--;
    });
  }
}
