// When to dial one contact: at once when they appear or my person asks, then with growing waits while it does not work.

import { backoffMs } from '../../base/backoff.ts';
import { type ByKind, dispatch } from '../../base/byKind.ts';
import type { Millis } from '../../base/clock.ts';
import type { Machine } from '../../base/machine.ts';
import { isRetryable, type LinkEnd } from './linkEnd.ts';
import { REDIAL } from './params.ts';

export type RedialIn =
  | { readonly kind: 'time' }
  /** Whether my person wants to be connected. `true` forgets earlier refusals and waits. */
  | { readonly kind: 'wanted'; readonly isWanted: boolean }
  /**
   * Where the contact is, as far as is known, in a word that is another one when they are elsewhere; undefined: they are away.
   * Appearing and moving forget earlier waits.
   */
  | { readonly kind: 'presence'; readonly where: string | undefined }
  /** A link with them is up, whoever dialled it. */
  | { readonly kind: 'up' }
  /** A link with them that was being made or was up ended, and no other one is up. */
  | { readonly kind: 'ended'; readonly end: LinkEnd }
  /** The computer has slept, or its network is another one: what failed before may work now. */
  | { readonly kind: 'woke' }
  /** No link could be made: nobody answers, or not with the right key. */
  | { readonly kind: 'unreachable' };

/** Dial now; then say `up`, `ended` or `unreachable`. */
export interface RedialOut {
  readonly kind: 'dial';
}

type State = 'resting' | 'waiting' | 'dialling' | 'up';

export class RedialMachine implements Machine<RedialIn, RedialOut> {
  readonly #random: () => number;
  #state: State = 'resting';
  #isWanted = false;
  #where: string | undefined;
  /** Since a link was last up, or somebody did something. */
  #failures = 0;
  /** Refused or not understood: waits for my person. */
  #isPointless = false;
  #at: Millis = 0;
  #dials = 0;

  /** `random` gives numbers in [0, 1). */
  constructor(random: () => number) {
    this.#random = random;
  }

  handle(input: RedialIn, now: Millis): void {
    dispatch(this.#inputs, input, now);
    this.#settle(now);
  }

  poll(): RedialOut | undefined {
    if (this.#dials === 0) return undefined;
    this.#dials--;
    return { kind: 'dial' };
  }

  deadline(): Millis | undefined {
    return this.#state === 'waiting' ? this.#at : undefined;
  }

  readonly #inputs: ByKind<RedialIn, [now: Millis]> = {
    time: () => undefined,
    wanted: ({ isWanted }, now) => {
      this.#isWanted = isWanted;
      this.#isPointless = false;
      this.#startOver(now);
    },
    presence: ({ where }, now) => {
      if (where !== undefined && where !== this.#where) this.#startOver(now);
      this.#where = where;
    },
    up: () => {
      this.#state = 'up';
      this.#failures = 0;
    },
    ended: ({ end }, now) => {
      this.#isPointless = !isRetryable(end);
      this.#fail(now);
      // Its silence was waiting enough.
      if (end.kind === 'silent' && this.#failures === 1) this.#at = now;
    },
    woke: (_input, now) => this.#startOver(now),
    unreachable: (_input, now) => this.#fail(now),
  };

  #startOver(now: Millis): void {
    this.#failures = 0;
    this.#at = now;
  }

  #fail(now: Millis): void {
    this.#failures++;
    this.#at = now + backoffMs(this.#failures, REDIAL, this.#random);
    this.#state = 'resting';
  }

  /** A dial that is going on and a link that is up are left alone: ending them is the engine's business. */
  #settle(now: Millis): void {
    if (this.#state === 'dialling' || this.#state === 'up') return;
    const isDue = this.#isWanted && this.#where !== undefined && !this.#isPointless;
    this.#state = isDue ? 'waiting' : 'resting';
    if (!isDue || now < this.#at) return;
    this.#state = 'dialling';
    this.#dials++;
  }
}
