// When a file that grows is synced: in small parts, as whatever else is synced meanwhile (a message, above all) waits for the part that
// is under way, and with rests between them.

import type { Clock } from '../../base/clock.ts';
import type { BlockNotes } from './blockNotes.ts';
import { steadyClock } from './systemClock.ts';

/** 2 MiB: a millisecond or two of a disk that is not slow. One that is slow gets more at a time, for it rests as long as it took. */
const PART_BLOCKS = 32;
/** 16 MiB. What came since is read again after a power cut; to note it more often would be another sync for each part. */
const NOTED_BLOCKS = 256;

export class GrowingSync {
  readonly #datasync: () => Promise<void>;
  readonly #notes: Pick<BlockNotes, 'durableBlocks' | 'markDurable'>;
  readonly #clock: Clock;
  /** Written without a gap, and synced, in blocks. */
  #writtenBlocks: number;
  #syncedBlocks: number;
  #restsUntil = Number.NEGATIVE_INFINITY;
  #underWay: Promise<void> | undefined;
  /** A disk says once that it has lost what it had taken, and to the next sync that all is well (Linux): so there is no next one. */
  #failure: Error | undefined;

  /** `datasync`: of the file that the notes are about. */
  constructor(
    datasync: () => Promise<void>,
    notes: Pick<BlockNotes, 'durableBlocks' | 'markDurable'>,
    clock: Clock = steadyClock,
  ) {
    this.#datasync = datasync;
    this.#notes = notes;
    this.#clock = clock;
    this.#writtenBlocks = notes.durableBlocks;
    this.#syncedBlocks = notes.durableBlocks;
  }

  /** All before `blocks` is written. Begins a sync where one is due, beside what is written next. Throws what a sync has failed with. */
  reach(blocks: number): void {
    if (this.#failure !== undefined) throw this.#failure;
    this.#writtenBlocks = blocks;
    if (this.#underWay !== undefined || !(this.#isPartDue || this.#isNoteDue)) return;
    this.#underWay = this.#sync()
      // Of the file, it is kept. Of the notes, they are written anew with the next part, or the next block says so.
      .catch(() => undefined)
      .finally(() => {
        this.#underWay = undefined;
      });
  }

  /** When nothing is under way. Rejects with what a sync has failed with. */
  async settled(): Promise<void> {
    await this.#underWay;
    if (this.#failure !== undefined) throw this.#failure;
  }

  get #isPartDue(): boolean {
    return this.#writtenBlocks - this.#syncedBlocks >= PART_BLOCKS && this.#clock.now() >= this.#restsUntil;
  }

  get #isNoteDue(): boolean {
    return this.#writtenBlocks - this.#notes.durableBlocks >= NOTED_BLOCKS;
  }

  async #sync(): Promise<void> {
    const begunAt = this.#clock.now();
    do {
      const blocks = this.#writtenBlocks;
      const isNoted = this.#isNoteDue;
      await this.#syncFile();
      this.#syncedBlocks = blocks;
      if (isNoted) await this.#notes.markDurable(blocks);
    } while (this.#isNoteDue);
    const now = this.#clock.now();
    this.#restsUntil = now + (now - begunAt);
  }

  async #syncFile(): Promise<void> {
    try {
      await this.#datasync();
    } catch (error) {
      this.#failure = error as Error;
      throw error;
    }
  }
}
