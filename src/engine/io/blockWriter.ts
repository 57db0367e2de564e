// Writes blocks and the notes about them. What comes while writes are under way is the next one: to ask the system costs more than to
// write a block.

import { turns } from '../../base/turns.ts';
import { BLOCK_BYTES } from '../transfer/params.ts';
import type { BlockNotes } from './blockNotes.ts';
import { withoutFirst } from './bufferRun.ts';
import { MAX_WRITE_BLOCKS, type OpenFile } from './directFile.ts';
import { DIGESTS_PER_TURN, digestOfBlock } from './fileDigest.ts';
import { otherTurn } from './otherTurn.ts';
import type { Quiet } from './quiet.ts';

interface Block {
  readonly index: number;
  readonly bytes: Uint8Array;
}

interface Lot {
  readonly blocks: Block[];
  readonly written: Promise<void>;
}

export class BlockWriter {
  readonly #file: Pick<OpenFile, 'writev'>;
  readonly #notes: BlockNotes;
  readonly #quiet: Quiet;
  /** Takes blocks until its turn has come. */
  #filling: Lot | undefined;
  /** The last two lots: the next one begins when the first of them has ended, so that the disk need not wait for a busy loop. */
  #lastTwo: readonly [Promise<void>, Promise<void>] = [Promise.resolve(), Promise.resolve()];
  readonly #inTurn = turns();
  #isClosed = false;

  constructor(file: Pick<OpenFile, 'writev'>, notes: BlockNotes, quiet: Quiet) {
    this.#file = file;
    this.#notes = notes;
    this.#quiet = quiet;
  }

  /** Resolves when block `index` and its note survive the end of this process. Rejects with the system's error. */
  write(index: number, bytes: Uint8Array): Promise<void> {
    if (this.#filling === undefined || this.#filling.blocks.length >= MAX_WRITE_BLOCKS)
      this.#filling = this.#newLot();
    this.#filling.blocks.push({ index, bytes });
    return this.#filling.written;
  }

  /** Nothing is written any more; what waits for its turn resolves without. Resolves when what is under way has ended. Never rejects. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.allSettled(this.#lastTwo);
  }

  #newLot(): Lot {
    const blocks: Block[] = [];
    const begin = () => {
      if (this.#filling?.blocks === blocks) this.#filling = undefined;
      return this.#writeLot(blocks);
    };
    const [first, second] = this.#lastTwo;
    const written = first.then(begin, begin);
    this.#lastTwo = [second, written];
    return { blocks, written };
  }

  async #writeLot(blocks: Block[]): Promise<void> {
    // First the notes: whatever is in the file can then be proved.
    await Promise.all(await this.#inTurn(() => this.#hash(blocks)));
    await this.#quiet();
    for (const run of runsOf(blocks)) await this.#writeRun(run);
  }

  /** When each is noted. */
  async #hash(blocks: readonly Block[]): Promise<Promise<void>[]> {
    const noted: Promise<void>[] = [];
    for (let from = 0; from < blocks.length; from += DIGESTS_PER_TURN) {
      await this.#quiet();
      if (this.#isClosed) break;
      for (const { index, bytes } of blocks.slice(from, from + DIGESTS_PER_TURN)) {
        const note = this.#notes.note(index, digestOfBlock(bytes));
        // Whoever waits for all of them is told.
        note.catch(() => undefined);
        noted.push(note);
      }
      await otherTurn();
    }
    return noted;
  }

  async #writeRun(run: readonly Block[]): Promise<void> {
    let offset = (run[0]?.index ?? 0) * BLOCK_BYTES;
    for (let left = run.map(({ bytes }) => bytes); left.length > 0 && !this.#isClosed; ) {
      const { bytesWritten } = await this.#file.writev(left, offset);
      left = withoutFirst(left, bytesWritten);
      offset += bytesWritten;
    }
  }
}

/** Blocks that are each behind the one before. */
function runsOf(blocks: Block[]): Block[][] {
  const runs: Block[][] = [];
  for (const block of blocks.sort((a, b) => a.index - b.index)) {
    const run = runs.at(-1);
    if (run !== undefined && run.at(-1)?.index === block.index - 1) run.push(block);
    else runs.push([block]);
  }
  return runs;
}
