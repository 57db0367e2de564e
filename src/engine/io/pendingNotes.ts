// Notes about blocks that are not on the disk yet, in flat memory that is used again: thousands in a second, each kept until the disk has
// it, would fill the heap with small things that only a collection of all of it takes away.

import { BLOCK_DIGEST_BYTES } from './fileDigest.ts';

/** Room for so many is kept. */
const KEPT_NOTES = 256;

export class PendingNotes {
  #count = 0;
  #blocks = new Uint32Array(KEPT_NOTES);
  /** In the order of #blocks. */
  #digests = new Uint8Array(KEPT_NOTES * BLOCK_DIGEST_BYTES);

  get count(): number {
    return this.#count;
  }

  /** Of a block that is noted more than once the last one counts. */
  add(block: number, digest: Uint8Array): void {
    if (this.#count === this.#blocks.length) this.#setRoom(2 * this.#count);
    this.#digests.set(digest, this.#count * BLOCK_DIGEST_BYTES);
    this.#blocks[this.#count++] = block;
  }

  addAll(later: PendingNotes): void {
    for (const [i, block] of later.#noted.entries()) this.add(block, later.#digestAt(i));
  }

  /** A copy; undefined where the block is not noted here. */
  digestOf(block: number): Buffer | undefined {
    const i = this.#noted.lastIndexOf(block);
    return i < 0 ? undefined : Buffer.from(this.#digestAt(i));
  }

  /**
   * Digests of blocks that lie behind each other, to be written in this order: the lowest first, the last of one block last. `add` and `clear`
   * may change what was handed out.
   */
  *runs(): Generator<{ readonly first: number; readonly digests: Uint8Array }> {
    const { blocks, digests } = this.#inOrder();
    for (let start = 0, end = 1; start < blocks.length; start = end++) {
      while (end < blocks.length && blocks[end] === (blocks[end - 1] as number) + 1) end++;
      yield { first: blocks[start] as number, digests: digestsAt(digests, start, end) };
    }
  }

  clear(): void {
    this.#count = 0;
    if (this.#blocks.length > KEPT_NOTES) this.#setRoom(KEPT_NOTES);
  }

  get #noted(): Uint32Array {
    return this.#blocks.subarray(0, this.#count);
  }

  #setRoom(notes: number): void {
    const [blocks, digests] = [this.#noted, this.#digests.subarray(0, this.#count * BLOCK_DIGEST_BYTES)];
    this.#blocks = new Uint32Array(notes);
    this.#blocks.set(blocks);
    this.#digests = new Uint8Array(notes * BLOCK_DIGEST_BYTES);
    this.#digests.set(digests);
  }

  /** As they are where they came in order, as nearly all do. */
  #inOrder(): { readonly blocks: Uint32Array; readonly digests: Uint8Array } {
    const blocks = this.#noted;
    if (blocks.every((block, i) => i === 0 || block > (blocks[i - 1] as number)))
      return { blocks, digests: this.#digests };
    const order = [...blocks.keys()].sort((a, b) => (blocks[a] as number) - (blocks[b] as number));
    const digests = Buffer.concat(order.map((i) => this.#digestAt(i)));
    return { blocks: Uint32Array.from(order, (i) => blocks[i] as number), digests };
  }

  #digestAt(i: number): Uint8Array {
    return digestsAt(this.#digests, i, i + 1);
  }
}

function digestsAt(digests: Uint8Array, start: number, end: number): Uint8Array {
  return digests.subarray(start * BLOCK_DIGEST_BYTES, end * BLOCK_DIGEST_BYTES);
}
