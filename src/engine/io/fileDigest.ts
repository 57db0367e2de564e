// What a file is compared by: the SHA-256 over the SHA-256s of its blocks of 64 KiB, in order. Not the SHA-256 of its bytes: that
// one cannot be gone on with after a restart, as Node does not let the state of a hash out.

import { createHash, hash } from 'node:crypto';

export const BLOCK_DIGEST_BYTES = 32;

/** Of one file, made in one turn of the loop at most: they take a quarter of a millisecond, and what people write waits for them. */
export const DIGESTS_PER_TURN = 4;

/** SHA-256 of one block's plaintext. */
export function digestOfBlock(bytes: Uint8Array): Buffer {
  return hash('sha256', bytes, 'buffer');
}

/** Takes the digests of all blocks in order, any number at a time. */
export class FileDigest {
  readonly #hash = createHash('sha256');

  add(blockDigests: Uint8Array): void {
    this.#hash.update(blockDigests);
  }

  /** 64 lowercase hexadecimal digits; once. */
  end(): string {
    return this.#hash.digest('hex');
  }
}
