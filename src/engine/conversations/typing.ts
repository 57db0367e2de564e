// Who is writing something right now, as their engines say it in passing. Nothing of it is stored, and it ends by itself.

import type { Clock, Millis } from '../../base/clock.ts';
import type { Disposable } from '../../base/disposable.ts';
import type { Fingerprint } from '../../contract/fingerprint.ts';
import type { StartTimer } from '../io/startTimer.ts';

/** Whoever goes on writing says so every 3 s; one word may be late. */
const SHOWN_MS = 6_000;
/** Between two "is writing" of one person that windows are told of: what a peer can make them draw has a bound. */
const REST_MS = 1_000;

interface Writer {
  readonly since: Millis;
  readonly end: Disposable | undefined;
}

export class Typing implements Disposable {
  readonly #show: (peer: Fingerprint, isTyping: boolean) => void;
  readonly #clock: Clock;
  readonly #startTimer: StartTimer;
  /** Of people with a link, so that there are not many. */
  readonly #writers = new Map<Fingerprint, Writer>();

  /** `show` hears every change; `clock` never goes back. */
  constructor(show: (peer: Fingerprint, isTyping: boolean) => void, clock: Clock, startTimer: StartTimer) {
    this.#show = show;
    this.#clock = clock;
    this.#startTimer = startTimer;
  }

  /** They say that they are writing, or have stopped. */
  hear(peer: Fingerprint, on: boolean): void {
    if (!on) return this.stop(peer);
    const known = this.#writers.get(peer);
    const now = this.#clock.now();
    const isShown = known?.end !== undefined;
    if (!isShown && known !== undefined && now - known.since < REST_MS) return;
    known?.end?.dispose();
    const end = this.#startTimer(SHOWN_MS, () => this.stop(peer));
    this.#writers.set(peer, { since: isShown ? known.since : now, end });
    if (!isShown) this.#show(peer, true);
  }

  /** They have stopped, or what they wrote is here. */
  stop(peer: Fingerprint): void {
    const known = this.#writers.get(peer);
    if (known?.end === undefined) return;
    known.end.dispose();
    this.#writers.set(peer, { since: known.since, end: undefined });
    this.#show(peer, false);
  }

  /** The link has ended. */
  forget(peer: Fingerprint): void {
    this.stop(peer);
    this.#writers.delete(peer);
  }

  dispose(): void {
    for (const { end } of this.#writers.values()) end?.dispose();
    this.#writers.clear();
  }
}
