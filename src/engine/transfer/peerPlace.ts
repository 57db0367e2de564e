// Where the receiver is. When its acknowledgements come from another place, a PROBE that goes there alone shows whether it is there
// (RFC 9000 sections 8.2 and 9.3): anybody on the path could send a copy of an acknowledgement from anywhere.

import type { Millis } from '../../base/clock.ts';

/** So many go to a place for one acknowledgement: together no more than three times its bytes (RFC 9000 section 8). */
const MOST_ASKS = 3;

interface Trial {
  readonly place: number;
  /** Of the PROBEs that went there. */
  readonly numbers: number[];
  askAt: Millis;
}

export class PeerPlace {
  #here = 0;
  #trial: Trial | undefined;

  /** A sealed acknowledgement that is newer than all before came from `place`, a number that the glue gives to an address. */
  onNews(place: number, now: Millis): void {
    if (place === this.#here) this.#trial = undefined;
    else if (this.#trial?.place !== place || this.#isExhausted(now))
      this.#trial = { place, numbers: [], askAt: now };
  }

  /** When and where to ask next; undefined when nobody seems to have moved. */
  get asks(): { readonly place: number; readonly at: Millis } | undefined {
    const trial = this.#trial;
    if (trial === undefined || trial.numbers.length >= MOST_ASKS) return undefined;
    return { place: trial.place, at: trial.askAt };
  }

  /** PROBE `number` has gone there; another may follow at `nextAt`. */
  onAsked(number: number, nextAt: Millis): void {
    this.#trial?.numbers.push(number);
    if (this.#trial !== undefined) this.#trial.askAt = nextAt;
  }

  /** The receiver has datagram `number`. Answers its new place if that proves one. */
  onAcked(number: number): number | undefined {
    if (!this.#trial?.numbers.includes(number)) return undefined;
    this.#here = this.#trial.place;
    this.#trial = undefined;
    return this.#here;
  }

  #isExhausted(now: Millis): boolean {
    return this.asks === undefined && now >= (this.#trial?.askAt ?? now);
  }
}
