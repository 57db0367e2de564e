// Signals between two keys: opaque text, passed on at once or not at all, to a socket here or at another instance.

import type { Millis } from '../../src/base/clock.ts';
import { TokenBuckets } from '../../src/base/tokenBuckets.ts';
import type { Fingerprint } from '../../src/contract/fingerprint.ts';
import type { SignalReason } from '../../src/contract/signal.ts';
import type { KeyNews } from './announcementText.ts';
import { SIGNAL_RATE_OF_KEY, SIGNAL_RATE_OF_PAIR } from './params.ts';
import { keyTopic, type PresenceBus } from './presenceBus.ts';
import { pairOf } from './relayQuota.ts';

export interface Letter {
  readonly from: Fingerprint;
  readonly to: string;
  readonly body: string;
}

export class SignalPost {
  readonly #bus: PresenceBus;
  /** Hands it to a socket of this instance, if there is one. */
  readonly #deliverHere: (letter: Letter) => boolean;
  readonly #ofKey = new TokenBuckets(SIGNAL_RATE_OF_KEY);
  readonly #ofPair = new TokenBuckets(SIGNAL_RATE_OF_PAIR);

  constructor(bus: PresenceBus, deliverHere: (letter: Letter) => boolean) {
    this.#bus = bus;
    this.#deliverHere = deliverHere;
  }

  /** Whether `from` may bother `to` once more; counts it. Signals and relay offers together. */
  mayBother(from: string, to: string, now: Millis): boolean {
    const pair = pairOf(from, to);
    if (this.#ofPair.waitMs(pair, 1, now) > 0) return false;
    if (!this.#ofKey.takeNow(from, 1, now)) return false;
    this.#ofPair.take(pair, 1, now);
    return true;
  }

  /** Undefined when it was handed on, else why not. */
  async send(letter: Letter, now: Millis): Promise<SignalReason | undefined> {
    if (!this.mayBother(letter.from, letter.to, now)) return 'tooMuch';
    if (this.#deliverHere(letter)) return undefined;
    const { to, ...rest } = letter;
    return (await this.#isHeard(to, { kind: 'signal', ...rest })) ? undefined : 'offline';
  }

  /** Whether a socket of this key may be at another instance. */
  isElsewhere(key: string): Promise<boolean> {
    return this.#isHeard(key, { kind: 'knock' });
  }

  async #isHeard(key: string, news: KeyNews): Promise<boolean> {
    // Where nobody knows how many listen, it may have been heard.
    const listeners = await this.#bus.publish(keyTopic(key), JSON.stringify(news)).catch(() => 0);
    return listeners === undefined || listeners > 0;
  }
}
