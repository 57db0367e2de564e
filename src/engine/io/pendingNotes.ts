// Notes about blocks that are not on the disk yet, in flat memory that is used again: thousands in a second, each kept until the disk has
// it, would fill the heap with small things that only a collection of all of it takes away.

import { BLOCK_DIGEST_BYTES } from './fileDigest.ts';

/** Room for so many is kept. */
const KEPT_NOTES = 256;

export class PendingNotes {
  readonly #blocks: number[] = [];
  /** In the order of #blocks. */
  #digests = Buffer.alloc(KEPT_NOTES * BLOCK_DIGEST_BYTES);

  get count(): number {
    return this.#blocks.length;
  }

  /** Of a block that is noted more than once the last one counts. */
  add(block: number, digest: Uint8Array): void {
    const at = this.count * BLOCK_DIGEST_BYTES;
    if (at === this.#digests.length) this.#digests = Buffer.concat([this.#digests], 2 * at);
    this.#digests.set(digest, at);
    this.#blocks.push(block);
  }

  addAll(later: PendingNotes): void {
    for (const [i, block] of later.#blocks.entries()) this.add(block, later.#digestAt(i));
  }

  /** A copy; undefined where the block is not noted here. */
  digestOf(block: number): Buffer | undefined {
    const i = this.#blocks.lastIndexOf(block);
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
    this.#blocks.length = 0;
    if (this.#digests.length > KEPT_NOTES * BLOCK_DIGEST_BYTES)
      this.#digests = Buffer.alloc(KEPT_NOTES * BLOCK_DIGEST_BYTES);
  }

  /** As they are where they came in order, as nearly all do. */
  #inOrder(): { readonly blocks: readonly number[]; readonly digests: Uint8Array } {
    const blocks = this.#blocks;
    if (blocks.every((block, i) => i === 0 || block > (blocks[i - 1] as number)))
      return { blocks, digests: this.#digests };
    const order = [...blocks.keys()].sort((a, b) => (blocks[a] as number) - (blocks[b] as number));
    const digests = Buffer.concat(order.map((i) => this.#digestAt(i)));
    return { blocks: order.map((i) => blocks[i] as number), digests };
  }

  #digestAt(i: number): Uint8Array {
    return digestsAt(this.#digests, i, i + 1);
  }
}

function digestsAt(digests: Uint8Array, start: number, end: number): Uint8Array {
  return digests.subarray(start * BLOCK_DIGEST_BYTES, end * BLOCK_DIGEST_BYTES);
}
