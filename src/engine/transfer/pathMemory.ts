// What was measured of a path, for the next session over it: it need not begin as if nothing were known
// (draft-ietf-tsvwg-careful-resume).

import type { Millis } from '../../base/clock.ts';

/** What was measured is believed for so long, in ms. */
const MEMORY_MS = 600_000;

export interface KnownPath {
  /** Bytes per ms that were delivered. */
  readonly rate: number;
  /** Its shortest round trip. */
  readonly rttMs: Millis;
}

export class PathMemory {
  #known: (KnownPath & { readonly at: Millis }) | undefined;

  /** When the path was filled. */
  remember(path: KnownPath, now: Millis): void {
    this.#known = { ...path, at: now };
  }

  knownAt(now: Millis): KnownPath | undefined {
    return this.#known !== undefined && now - this.#known.at <= MEMORY_MS ? this.#known : undefined;
  }

  forget(): void {
    this.#known = undefined;
  }
}
