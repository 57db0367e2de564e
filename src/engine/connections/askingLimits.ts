// How often strangers may put a question before my person: a "no" holds for a while, and whoever asks, takes it back and asks again
// wears out. Bounds against hostile peers: keys cost nothing, so there is one for each and one for all.

import type { Clock, Millis } from '../../base/clock.ts';
import { TokenBuckets } from '../../base/tokenBuckets.ts';
import type { Fingerprint } from '../../contract/fingerprint.ts';

/** Strangers who may ask at the same time: a bound on what anybody with an address can put before my person. */
export const MAX_ASKING = 8;
/** After a "no" the same person's next questions are answered with the same "no" for this long. */
export const QUIET_AFTER_DECLINE_MS: Millis = 60_000;
/** Of one person: a road that breaks a few times is forgiven, then it is one question a minute. */
const PER_PERSON = { burst: 3, perSecond: 1 / 60 } as const;
/** Of all strangers together: a room full of people who have just met, then twelve a minute. */
const TOGETHER = { burst: 16, perSecond: 1 / 5 } as const;
const ALL = 'all';
/** A bound on remembered people; the longest remembered one is forgotten. */
const MAX_REMEMBERED = 256;

export class AskingLimits {
  readonly #clock: Clock;
  readonly #declinedAt = new Map<Fingerprint, Millis>();
  readonly #ofOne = new TokenBuckets(PER_PERSON, MAX_REMEMBERED);
  readonly #ofAll = new TokenBuckets(TOGETHER, 1);

  /** @param clock one that never jumps back */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  declined(peer: Fingerprint): void {
    this.#declinedAt.delete(peer);
    this.#declinedAt.set(peer, this.#clock.now());
    const [oldest] = this.#declinedAt.keys();
    if (this.#declinedAt.size > MAX_REMEMBERED && oldest !== undefined) this.#declinedAt.delete(oldest);
  }

  /** My person has said no a moment ago. */
  isQuiet(peer: Fingerprint): boolean {
    const at = this.#declinedAt.get(peer);
    return at !== undefined && this.#clock.now() - at < QUIET_AFTER_DECLINE_MS;
  }

  /** Whether one more question of this person may be put; it counts when it may. */
  takeQuestion(peer: Fingerprint): boolean {
    const now = this.#clock.now();
    if (this.#ofOne.waitMs(peer, 1, now) > 0) return false;
    if (!this.#ofAll.takeNow(ALL, 1, now)) return false;
    this.#ofOne.take(peer, 1, now);
    return true;
  }
}
