// Which of several windows tells my person of something: each asks before it does, and one is told yes.

import type { Clock, Millis } from '../base/clock.ts';
import type { NoticeClaim } from '../contract/commands.ts';

/** Longer than the last window waits before it asks; later messages may be told of by another window. */
const MESSAGES_MS: Millis = 4_000;
/** Who has not asked for so long is news again, answered or not. */
const QUESTION_MS: Millis = 10 * 60_000;
/** A bound, as strangers' questions come in here; the longest told of is forgotten. */
const MAX_CLAIMS = 256;

interface Given extends NoticeClaim {
  readonly at: Millis;
}

export class NoticeClaims {
  readonly #clock: Clock;
  readonly #given = new Map<string, Given>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * A question is given once, until it is answered or has rested: whoever takes it back and asks again is seen in the tree and
   * makes no noise. The messages of one person are a window's for some seconds; one that has the focus takes them from one that has not.
   */
  claim(claim: NoticeClaim): boolean {
    const key = `${claim.about} ${claim.id}`;
    const given = this.#given.get(key);
    const isGiven = given === undefined || this.#passesOn(given, claim);
    if (isGiven || claim.about !== 'messages') this.#keep(key, claim);
    return isGiven;
  }

  /** It is answered: when it is asked again, that is news. */
  settled(about: NoticeClaim['about'], id: string): void {
    this.#given.delete(`${about} ${id}`);
  }

  #passesOn(given: Given, { about, window, isFocused }: NoticeClaim): boolean {
    const age = this.#clock.now() - given.at;
    if (about !== 'messages') return age >= QUESTION_MS;
    return given.window === window || (isFocused && !given.isFocused) || age >= MESSAGES_MS;
  }

  #keep(key: string, claim: NoticeClaim): void {
    this.#given.delete(key);
    this.#given.set(key, { ...claim, at: this.#clock.now() });
    const [oldest] = this.#given.keys();
    if (this.#given.size > MAX_CLAIMS && oldest !== undefined) this.#given.delete(oldest);
  }
}
