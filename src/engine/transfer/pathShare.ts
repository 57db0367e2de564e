// What sessions over one path know of each other. Each has its own model of the path and gets its part by it; what they must not do is fill
// the queue before the path once each. The next one need not begin as if nothing were known (draft-ietf-tsvwg-careful-resume).

import type { Millis } from '../../base/clock.ts';
import { type Disposable, toDisposable } from '../../base/disposable.ts';

/** What was measured is believed for so long, in ms. */
const MEMORY_MS = 600_000;

export interface KnownPath {
  /** Bytes per ms that were delivered. */
  readonly rate: number;
  /** Its shortest round trip. */
  readonly rttMs: Millis;
}

export class PathShare {
  /** As measured last by any of them. */
  shortestRttMs: Millis = Number.POSITIVE_INFINITY;
  #sessions = 0;
  #known: (KnownPath & { readonly at: Millis }) | undefined;

  /** At least 1: whoever asks is one. */
  get sessions(): number {
    return Math.max(1, this.#sessions);
  }

  /** By a session that alone filled the path. */
  remember(path: KnownPath, now: Millis): void {
    this.#known = { ...path, at: now };
  }

  knownAt(now: Millis): KnownPath | undefined {
    return this.#known !== undefined && now - this.#known.at <= MEMORY_MS ? this.#known : undefined;
  }

  get isIdle(): boolean {
    return this.#sessions === 0;
  }

  /** The path is another one now. */
  forget(): void {
    this.shortestRttMs = Number.POSITIVE_INFINITY;
    this.#known = undefined;
  }

  /** Until disposed. */
  join(): Disposable {
    // What was measured while others sent holds as long as they do.
    if (this.isIdle) this.shortestRttMs = Number.POSITIVE_INFINITY;
    this.#sessions++;
    return toDisposable(() => {
      this.#sessions--;
    });
  }
}
