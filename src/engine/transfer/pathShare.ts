// A path to one address and the sessions over it: they have one model of it and a part each.

import { CommonRate } from './commonRate.ts';
import { PathMemory } from './pathMemory.ts';
import { type PathModels, PathPart } from './pathPart.ts';
import { RateController } from './rateController.ts';

export class PathShare {
  readonly #memory = new PathMemory();
  readonly #models: PathModels;
  #sessions = 0;
  #common: CommonRate | undefined;

  constructor() {
    this.#models = {
      common: (datagramBytes) => this.#commonFor(datagramBytes),
      forget: (common) => this.#forget(common),
      left: () => {
        this.#sessions--;
      },
    };
  }

  get isIdle(): boolean {
    return this.#sessions === 0;
  }

  /** Until disposed, for a session that has to send about so many bytes. */
  join(bytesLeft: number): PathPart {
    this.#sessions++;
    return new PathPart(this.#models, bytesLeft);
  }

  /** What was measured while others sent holds as long as they do. */
  #commonFor(datagramBytes: number): CommonRate {
    if (this.#common === undefined || this.#common.isDeserted)
      this.#common = new CommonRate(new RateController(datagramBytes, this.#memory));
    return this.#common;
  }

  /** The path is another one now; sessions that have not noticed keep its model until they do. */
  #forget(common: CommonRate): void {
    if (this.#common !== common) return;
    this.#common = undefined;
    this.#memory.forget();
  }
}
