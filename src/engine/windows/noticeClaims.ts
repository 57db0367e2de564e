// Which of several windows tells my person of something: each asks before it does, and one is told yes.

import type { Clock, Millis } from '../../base/clock.ts';
import type { NoticeClaim } from '../../contract/commands.ts';

/** Longer than the last window waits before it asks; later messages may be told of by another window. */
const MESSAGES_MS: Millis = 4_000;
/** Who has not asked for so long is news again, answered or not. */
const QUESTION_MS: Millis = 10 * 60_000;
/** A bound, as strangers' questions come in here; the longest told of is forgotten. */
const MAX_CLAIMS = 256;

/** A window that asks: the same thing each time. */
type Window = unknown;

interface Given extends NoticeClaim {
  readonly window: Window;
  readonly at: Millis;
}

export class NoticeClaims {
  readonly #clock: Clock;
  /** Whether this person wants to connect, and has no answer yet. */
  readonly #isAsking: (peer: string) => boolean;
  readonly #given = new Map<string, Given>();

  constructor(clock: Clock, isAsking: (peer: string) => boolean) {
    this.#clock = clock;
    this.#isAsking = isAsking;
  }

  /**
   * A question is given once, until it is answered or has rested: whoever takes it back and asks again is seen in the tree and
   * makes no noise. Who wants to connect is told of by one window until each of those is answered, which shows one at a time
   * then. The messages of one person are a window's for some seconds; one that has the focus takes them from one that has not.
   */
  claim(claim: NoticeClaim, window: Window): boolean {
    if (claim.about === 'connection' && this.#hasStrangers(window)) return false;
    const key = `${claim.about} ${claim.id}`;
    const given = this.#given.get(key);
    const isGiven = given === undefined || this.#passesOn(given, claim, window);
    if (isGiven || claim.about !== 'messages') this.#keep(key, { ...claim, window, at: this.#clock.now() });
    return isGiven;
  }

  /** It has closed: what it told of is news to no other window, but it keeps nobody waiting. */
  left(window: Window): void {
    for (const [key, given] of this.#given)
      if (given.window === window) this.#given.set(key, { ...given, window: undefined });
  }

  /** This person's question whether we connect is answered: when they ask again, that is news. */
  settled(peer: string): void {
    this.#given.delete(`connection ${peer}`);
  }

  /** Whether another window than this one tells of somebody who wants to connect. */
  #hasStrangers(mine: Window): boolean {
    for (const { about, id, window } of this.#given.values())
      if (about === 'connection' && window !== undefined && window !== mine && this.#isAsking(id))
        return true;
    return false;
  }

  #passesOn(given: Given, { about, isFocused }: NoticeClaim, window: Window): boolean {
    const age = this.#clock.now() - given.at;
    if (about !== 'messages') return age >= QUESTION_MS;
    return given.window === window || (isFocused && !given.isFocused) || age >= MESSAGES_MS;
  }

  #keep(key: string, given: Given): void {
    this.#given.delete(key);
    this.#given.set(key, given);
    const [oldest] = this.#given.keys();
    if (this.#given.size > MAX_CLAIMS && oldest !== undefined) this.#given.delete(oldest);
  }
}
