// One model of a path for all sessions over it, and what each of them may have of its rate and its window. A model for each would
// measure the others as a path that changes: the one that was first would keep most, and all would stand in a queue of their own making.

import type { RateController } from './rateController.ts';

/** Small sessions together get so many times what the large ones together get, and none of them less than a large one. */
const SMALL_WEIGHT = 3;
/** A session without more to send keeps room for so many times what it has in flight … */
const RESTING_GROWTH = 2;
/** … and for so many bytes. */
const RESTING_BYTES = 12_000;

/** What the sharing goes by. */
export interface Claim {
  /** It is soon over, and somebody waits for it: it goes first. */
  readonly isSmall: boolean;
  /** Of what its path is believed to hold; 0 when nothing is heard of it. */
  readonly inFlightBytes: number;
  /** It has something to send, and is heard of. */
  readonly wantsMore: boolean;
}

export class CommonRate {
  readonly model: RateController;
  readonly #claims = new Set<Claim>();
  #smallWeight = 1;
  #totalWeight = 0;

  constructor(model: RateController) {
    this.model = model;
  }

  get isDeserted(): boolean {
    return this.#claims.size === 0;
  }

  enter(claim: Claim): void {
    this.#claims.add(claim);
    this.#weigh();
  }

  leave(claim: Claim): void {
    this.#claims.delete(claim);
    this.#weigh();
  }

  /** Of all others. */
  inFlightBeside(mine: Claim): number {
    let bytes = 0;
    for (const claim of this.#claims) if (claim !== mine) bytes += claim.inFlightBytes;
    return bytes;
  }

  /** Nobody has more to send. */
  get isLimited(): boolean {
    for (const { wantsMore } of this.#claims) if (wantsMore) return false;
    return true;
  }

  /** Of rate and window, from 0 to 1. What those leave that have nothing more to send is dealt to the others. */
  shareOf(mine: Claim): number {
    if (this.#claims.size === 1) return 1;
    if (!mine.wantsMore) return this.#restingShare(mine);
    let left = 1;
    let wanting = 0;
    for (const claim of this.#claims) {
      if (claim.wantsMore) wanting += this.#weightOf(claim);
      else left -= this.#restingShare(claim);
    }
    return (left * this.#weightOf(mine)) / wanting;
  }

  #restingShare(claim: Claim): number {
    const fair = this.#weightOf(claim) / this.#totalWeight;
    return Math.min(fair, (RESTING_GROWTH * claim.inFlightBytes + RESTING_BYTES) / this.model.windowBytes);
  }

  #weightOf({ isSmall }: Claim): number {
    return isSmall ? this.#smallWeight : 1;
  }

  #weigh(): void {
    let small = 0;
    for (const { isSmall } of this.#claims) if (isSmall) small++;
    const large = this.#claims.size - small;
    this.#smallWeight = Math.max(1, (SMALL_WEIGHT * large) / Math.max(1, small));
    this.#totalWeight = this.#smallWeight * small + large;
  }
}
