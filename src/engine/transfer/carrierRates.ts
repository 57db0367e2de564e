// How each carrier did with one peer lately, so that not every file has to find out by itself. Nothing of it outlives the engine.

import type { Millis } from '../../base/clock.ts';
import type { CarrierKind } from '../../contract/transfer.ts';
import { CHANGE_AGAIN_MS, REMEMBER_MS } from './carrierParams.ts';

interface Known {
  readonly at: Millis;
  /** Undefined where it lived too shortly to be measured; where it fell silent, what it brought without a whole block. */
  readonly bytesPerSecond: number | undefined;
  readonly isSilent: boolean;
}

export class CarrierRates {
  readonly #known = new Map<CarrierKind, Known>();

  note(carrier: CarrierKind, bytesPerSecond: number, now: Millis): void {
    this.#known.set(carrier, { bytesPerSecond, isSilent: false, at: now });
  }

  /** No whole block came in its time; `bytesPerSecond` did in parts. */
  noteSilent(carrier: CarrierKind, now: Millis, bytesPerSecond = 0): void {
    this.#known.set(carrier, { bytesPerSecond, isSilent: true, at: now });
  }

  /** It brings something, however fast. */
  noteAlive(carrier: CarrierKind, now: Millis): void {
    if (!this.isAlive(carrier, now))
      this.#known.set(carrier, { bytesPerSecond: undefined, isSilent: false, at: now });
  }

  /** That it fell silent says nothing of it any more. */
  forgetSilence(carrier: CarrierKind): void {
    if (this.#known.get(carrier)?.isSilent === true) this.#known.delete(carrier);
  }

  /** In bytes per second; undefined where nothing is known, or not any more. */
  rateOf(carrier: CarrierKind, now: Millis): number | undefined {
    return this.#recent(carrier, now)?.bytesPerSecond;
  }

  isSilent(carrier: CarrierKind, now: Millis): boolean {
    return this.#recent(carrier, now)?.isSilent === true;
  }

  /** No file begins with it. One that brought parts may have had a slow start, or a busy machine: it is asked again after a minute. */
  isAway(carrier: CarrierKind, now: Millis): boolean {
    const known = this.#recent(carrier, now);
    if (known?.isSilent !== true) return false;
    return known.bytesPerSecond === 0 || now - known.at <= CHANGE_AGAIN_MS;
  }

  isAlive(carrier: CarrierKind, now: Millis): boolean {
    const known = this.#recent(carrier, now);
    return known !== undefined && !known.isSilent;
  }

  #recent(carrier: CarrierKind, now: Millis): Known | undefined {
    const known = this.#known.get(carrier);
    return known !== undefined && now - known.at <= REMEMBER_MS ? known : undefined;
  }
}
