// Whether friends have taken the names that the registry lists them under: its list is its word alone, their registration is signed.

import type { Clock, Millis } from '../../base/clock.ts';
import type { Fingerprint } from '../../contract/fingerprint.ts';

/** `asked` until there is an answer; `missing` also where nobody could be asked. */
export type Proof = 'asked' | 'signed' | 'missing';

/** Answers whether the key has signed that it has this name. Never rejects. */
export type AskProof = (fingerprint: Fingerprint, name: string) => Promise<boolean>;

/** What was missing is asked for again after this: a registry may have been slow. */
const AGAIN_AFTER_MS: Millis = 30_000;

interface Asked {
  readonly name: string;
  readonly at: Millis;
  proof: Proof;
}

export class NameProofs {
  readonly #ask: AskProof;
  readonly #clock: Clock;
  readonly #onAnswer: () => void;
  /** The latest of each friend. */
  readonly #asked = new Map<Fingerprint, Asked>();

  constructor(ask: AskProof, clock: Clock, onAnswer: () => void) {
    this.#ask = ask;
    this.#clock = clock;
    this.#onAnswer = onAnswer;
  }

  /** Asks for it where that was not done. */
  of(fingerprint: Fingerprint, name: string): Proof {
    const known = this.#asked.get(fingerprint);
    const now = this.#clock.now();
    const isStale = known?.proof === 'missing' && Math.abs(now - known.at) >= AGAIN_AFTER_MS;
    if (known?.name === name && !isStale) return known.proof;
    const asked: Asked = { name, at: now, proof: isStale && known.name === name ? 'missing' : 'asked' };
    this.#asked.set(fingerprint, asked);
    void this.#hear(fingerprint, asked);
    return asked.proof;
  }

  async #hear(fingerprint: Fingerprint, asked: Asked): Promise<void> {
    const isSigned = await this.#ask(fingerprint, asked.name);
    const before = asked.proof;
    asked.proof = isSigned ? 'signed' : 'missing';
    if (asked.proof !== before && this.#asked.get(fingerprint) === asked) this.#onAnswer();
  }
}
