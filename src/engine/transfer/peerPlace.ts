// Where the receiver is. When its acknowledgements come from another place, a challenge that goes there alone, and comes back, shows that it
// is there (RFC 9000 sections 8.2 and 9.3): anybody on the path could send a copy of an acknowledgement from anywhere, and a receiver that
// means harm could name a place where others are.

import { randomBytes } from 'node:crypto';
import type { Millis } from '../../base/clock.ts';

/** So many PROBEs go to a place for one acknowledgement: together no more than three times its bytes (RFC 9000 section 8). */
const MOST_ASKS = 3;

interface Trial {
  readonly place: number;
  /** 64 random bits, the same in all that goes there: what comes back late proves the place, too. */
  readonly challenge: bigint;
  /** For the last acknowledgement that counts. */
  asks: number;
  askAt: Millis;
}

export class PeerPlace {
  #here = 0;
  #trial: Trial | undefined;

  /** A sealed acknowledgement that is newer than all before came from `place`, a number that the glue gives to an address. */
  onNews(place: number, now: Millis): void {
    if (place === this.#here) this.#trial = undefined;
    else if (this.#trial?.place !== place)
      this.#trial = { place, challenge: randomBytes(8).readBigUInt64BE(), asks: 0, askAt: now };
    else if (this.#trial.asks >= MOST_ASKS && now >= this.#trial.askAt) {
      this.#trial.asks = 0;
      this.#trial.askAt = now;
    }
  }

  /** When, where and with what to ask next; undefined when nobody seems to have moved. */
  get asks(): { readonly place: number; readonly challenge: bigint; readonly at: Millis } | undefined {
    const trial = this.#trial;
    if (trial === undefined || trial.asks >= MOST_ASKS) return undefined;
    return { place: trial.place, challenge: trial.challenge, at: trial.askAt };
  }

  /** A PROBE has gone there; another may follow at `nextAt`. */
  onAsked(nextAt: Millis): void {
    if (this.#trial === undefined) return;
    this.#trial.asks++;
    this.#trial.askAt = nextAt;
  }

  /** The receiver has got the challenge `echo`. Answers its new place if that proves one. */
  onEcho(echo: bigint): number | undefined {
    if (this.#trial?.challenge !== echo) return undefined;
    this.#here = this.#trial.place;
    this.#trial = undefined;
    return this.#here;
  }
}
