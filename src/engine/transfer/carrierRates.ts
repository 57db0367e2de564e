// How each carrier did with one peer lately, so that not every file has to find out by itself. Nothing of it outlives the engine.

import type { Millis } from '../../base/clock.ts';
import type { CarrierKind } from '../../contract/transfer.ts';
import { REMEMBER_MS } from './carrierParams.ts';

interface Known {
  readonly at: Millis;
  /** Undefined where it lived too shortly to be measured; 0 where it fell silent. */
  readonly bytesPerSecond: number | undefined;
}

export class CarrierRates {
  readonly #known = new Map<CarrierKind, Known>();

  note(carrier: CarrierKind, bytesPerSecond: number, now: Millis): void {
    this.#known.set(carrier, { bytesPerSecond, at: now });
  }

  noteSilent(carrier: CarrierKind, now: Millis): void {
    this.note(carrier, 0, now);
  }

  /** It brings something, however fast. */
  noteAlive(carrier: CarrierKind, now: Millis): void {
    if (!this.isAlive(carrier, now)) this.#known.set(carrier, { bytesPerSecond: undefined, at: now });
  }

  /** That it fell silent says nothing of it any more. */
  forgetSilence(carrier: CarrierKind): void {
    if (this.#known.get(carrier)?.bytesPerSecond === 0) this.#known.delete(carrier);
  }

  /** In bytes per second; undefined where nothing is known, or not any more. */
  rateOf(carrier: CarrierKind, now: Millis): number | undefined {
    return this.#recent(carrier, now)?.bytesPerSecond;
  }

  isSilent(carrier: CarrierKind, now: Millis): boolean {
    return this.rateOf(carrier, now) === 0;
  }

  isAlive(carrier: CarrierKind, now: Millis): boolean {
    const known = this.#recent(carrier, now);
    return known !== undefined && known.bytesPerSecond !== 0;
  }

  #recent(carrier: CarrierKind, now: Millis): Known | undefined {
    const known = this.#known.get(carrier);
    return known !== undefined && now - known.at <= REMEMBER_MS ? known : undefined;
  }
}
