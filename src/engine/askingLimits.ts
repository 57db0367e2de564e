// How often strangers may put a question before my person: a "no" holds for a while, and whoever asks, takes it back and asks again
// wears out. Bounds against hostile peers: keys cost nothing, so there is one for each and one for all.

import type { Clock, Millis } from '../base/clock.ts';
import type { Fingerprint } from '../contract/fingerprint.ts';

/** Strangers who may ask at the same time: a bound on what anybody with an address can put before my person. */
export const MAX_ASKING = 8;
/** After a "no" the same person's next questions are answered with the same "no" for this long. */
export const QUIET_AFTER_DECLINE_MS: Millis = 60_000;
/** Of one person: a road that breaks a few times is forgiven, then it is one question a minute. */
const PER_PERSON = { most: 3, everyMs: 60_000 } as const;
/** Of all strangers together: a room full of people who have just met, then twelve a minute. */
const TOGETHER = { most: 16, everyMs: 5_000 } as const;
/** A bound on remembered people; the longest remembered one is forgotten. */
const MAX_REMEMBERED = 256;

interface Allowance {
  readonly left: number;
  readonly at: Millis;
}

export class AskingLimits {
  readonly #clock: Clock;
  readonly #declinedAt = new Map<Fingerprint, Millis>();
  readonly #left = new Map<Fingerprint, Allowance>();
  #together: Allowance | undefined;

  /** @param clock one that never jumps back */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  declined(peer: Fingerprint): void {
    remember(this.#declinedAt, peer, this.#clock.now());
  }

  /** My person has said no a moment ago. */
  isQuiet(peer: Fingerprint): boolean {
    const at = this.#declinedAt.get(peer);
    return at !== undefined && this.#clock.now() - at < QUIET_AFTER_DECLINE_MS;
  }

  /** Whether one more question of this person may be put; it counts when it may. */
  takeQuestion(peer: Fingerprint): boolean {
    const now = this.#clock.now();
    const own = spent(this.#left.get(peer), PER_PERSON, now);
    const together = spent(this.#together, TOGETHER, now);
    if (own === undefined || together === undefined) return false;
    remember(this.#left, peer, own);
    this.#together = together;
    return true;
  }
}

/** What is left after one more, or undefined when nothing is. One comes back every `everyMs`, up to `most`. */
function spent(
  before: Allowance | undefined,
  { most, everyMs }: { readonly most: number; readonly everyMs: Millis },
  now: Millis,
): Allowance | undefined {
  const left = before === undefined ? most : Math.min(most, before.left + (now - before.at) / everyMs);
  return left < 1 ? undefined : { left: left - 1, at: now };
}

function remember<Value>(table: Map<Fingerprint, Value>, peer: Fingerprint, value: Value): void {
  table.delete(peer);
  table.set(peer, value);
  const [oldest] = table.keys();
  if (table.size > MAX_REMEMBERED && oldest !== undefined) table.delete(oldest);
}
