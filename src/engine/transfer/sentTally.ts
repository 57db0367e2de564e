// What is sent of a file more than once: within a session, and because a session ended before its blocks had arrived.

import { type Range, RangeSet } from '../../base/rangeSet.ts';
import { bytesIn } from './blocks.ts';

/** What one session has sent so far. Reading it costs a little; until then a packet costs an addition. */
export interface SentCounts {
  /**
   * Bytes of sealed blocks that left although they had left before in this session: lost, late or spoiled, or twice at the end. 0 over
   * TLS: what is lost there the system sends again, and does not tell.
   */
  readonly piecesAgainBytes: number;
  /** Blocks of which anything has left, in rising order. */
  readonly blocks: readonly Range[];
}

/** Over all sessions that one engine has had of a file. */
export class SentTally {
  readonly #sizeBytes: number;
  /** Grows with gaps between blocks that were really sent, as the notes do: a receiver cannot make it grow faster than it is sent to. */
  readonly #sent = new RangeSet();
  #piecesAgainBytes = 0;
  #blocksAgainBytes = 0;

  constructor(sizeBytes: number) {
    this.#sizeBytes = sizeBytes;
  }

  /** As SentCounts has it. */
  get piecesAgainBytes(): number {
    return this.#piecesAgainBytes;
  }

  /** Bytes of the file in blocks of which anything had left in one session, and left in a later one. */
  get blocksAgainBytes(): number {
    return this.#blocksAgainBytes;
  }

  /** A session has ended. */
  add({ piecesAgainBytes, blocks }: SentCounts): void {
    this.#piecesAgainBytes += piecesAgainBytes;
    for (const block of blocks) this.#addBlocks(block);
  }

  #addBlocks({ start, end }: Range): void {
    const firstTime = this.#sent.missing(start, end);
    this.#blocksAgainBytes +=
      bytesIn(this.#sizeBytes, [{ start, end }]) - bytesIn(this.#sizeBytes, firstTime);
    this.#sent.add(start, end);
  }
}
