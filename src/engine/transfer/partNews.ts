// What comes of blocks that are not whole, told now and then: over a thin line a block takes long, and nothing else says that it comes.

import type { Millis } from '../../base/clock.ts';
import { PART_NEWS_MS } from './carrierParams.ts';

export class PartNews {
  #bytes = 0;
  #toldAt: Millis = Number.NEGATIVE_INFINITY;

  /** How many bytes have come, where that is news: the first ones, and after PART_NEWS_MS without any and without a whole block. */
  came(bytes: number, now: Millis): number | undefined {
    this.#bytes += bytes;
    if (bytes === 0 || now - this.#toldAt < PART_NEWS_MS) return undefined;
    const news = this.#bytes;
    this.whole(now);
    return news;
  }

  /** A block: nobody need hear of its parts. */
  whole(now: Millis): void {
    this.#bytes = 0;
    this.#toldAt = now;
  }
}
