// How quickly blocks come over the carrier that is open: from one to the next, or, before one is whole, by the parts of it.

import type { Millis } from '../../base/clock.ts';
import { SILENT_GAPS, TRY_MS } from './carrierParams.ts';
import { BLOCK_BYTES } from './params.ts';

export class BlockPace {
  /** From one block to the next, smoothed. */
  #gapMs: Millis | undefined;
  /** The last block, the start of a session, or the sender's word that it reads. */
  #from: Millis = 0;
  /** Since then, of a block that is not whole. */
  #partBytes = 0;
  #firstPartAt: Millis = 0;
  /** Of whichever block. */
  #lastPartAt: Millis = 0;
  /** What a block would have taken over the carrier that was left, by its parts; undefined where none came. */
  #blockMsBefore: Millis | undefined;

  /** The next block is waited for from now on, whatever came of it. */
  begin(now: Millis): void {
    this.#from = now;
    this.#partBytes = 0;
  }

  /** How long it took. */
  takeBlock(now: Millis): Millis {
    const gapMs = now - this.#from;
    if (!this.hasSlept(now))
      this.#gapMs = this.gapMs + (gapMs - this.gapMs) / (this.#gapMs === undefined ? 1 : 4);
    this.begin(now);
    return gapMs;
  }

  takePart(bytes: number, now: Millis): void {
    if (this.hasSlept(now)) this.begin(now);
    if (this.#partBytes === 0) this.#firstPartAt = now;
    this.#partBytes += bytes;
    this.#lastPartAt = now;
  }

  /** 0 before it is known. */
  get gapMs(): Millis {
    return this.#gapMs ?? 0;
  }

  get hasParts(): boolean {
    return this.#partBytes > 0;
  }

  /** Nobody waits for a block or a part of one for so long: the computer slept. */
  hasSlept(now: Millis): boolean {
    return now - Math.max(this.#from, this.#lastPartAt) > TRY_MS;
  }

  /** How long a block takes by the parts that came; 0 of a single one, of which nobody knows how quick it is. */
  get blockMs(): Millis {
    return this.#blockMsSince(this.#firstPartAt);
  }

  /** In all the time in which a block was waited for; 0 where none came. */
  partBytesPerSecond(now: Millis): number {
    return (1_000 * this.#partBytes) / Math.max(1, now - this.#from);
  }

  /** Parts came many times as quickly over the carrier that was left. */
  get wasQuickerBefore(): boolean {
    const { blockMs } = this;
    const before = this.#blockMsBefore;
    return before !== undefined && !(blockMs > 0 && blockMs <= SILENT_GAPS * before);
  }

  /** The carrier is left. Where parts came over it they came as quickly as the line may be. */
  leave(): void {
    this.#blockMsBefore = this.hasParts ? this.#blockMsSince(this.#from) : undefined;
    if (this.#blockMsBefore !== undefined) this.#gapMs = Math.min(TRY_MS / SILENT_GAPS, this.#blockMsBefore);
  }

  #blockMsSince(from: Millis): Millis {
    return ((this.#lastPartAt - from) * BLOCK_BYTES) / this.#partBytes;
  }
}
