// What goes over a bulk connection: the second TLS connection of two peers, which carries the blocks of one session of one file
// (src/engine/transfer/README.md). Its version is in BULK_ALPN.
//
// First, once, from whoever has dialled:
//    0                               32
//   +--------------------------------+
//   | token of the session (32)      |
//   +--------------------------------+
// From the receiver of the file, any number of times. The first one picks this connection and says where to begin:
//    0               4
//   +---------------+
//   | blocks (u32)  |        all blocks below this one are on the receiver's disk
//   +---------------+
// From the sender of the file, after that word, in rising order:
//    0              4               8              8 + length
//   +--------------+---------------+------~-------+
//   | index (u32)  | length (u32)  | the block    |
//   +--------------+---------------+------~-------+
// Numbers are big-endian. TLS seals, so nothing here is sealed or summed once more.

import { DecodeError } from './decodeError.ts';

/** RFC 7301: what such a connection says to be, at the port that takes links, too. */
export const BULK_ALPN = 'hamta-bulk/1';
export const BULK_TOKEN_BYTES = 32;
const COUNT_BYTES = 4;
const HEADER_BYTES = 8;

export interface BulkBlock {
  readonly index: number;
  /** The taker's for good. */
  readonly bytes: Buffer;
}

/** `blocks`: all below this one are on the receiver's disk. */
export function encodeBulkCount(blocks: number): Buffer {
  const bytes = Buffer.allocUnsafe(COUNT_BYTES);
  bytes.writeUInt32BE(blocks);
  return bytes;
}

/** What goes in front of a block of `length` bytes. */
export function encodeBulkHeader(index: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(HEADER_BYTES);
  bytes.writeUInt32BE(index, 0);
  bytes.writeUInt32BE(length, 4);
  return bytes;
}

/** Takes the receiver's words in chunks of any cut. Every four bytes are a word, so nothing can be wrong with them here. */
export class BulkCountDecoder {
  readonly #part = Buffer.alloc(COUNT_BYTES);
  #filled = 0;

  /** The newest count that is whole, which speaks for all before; undefined when none has become whole. */
  push(chunk: Uint8Array): number | undefined {
    let newest: number | undefined;
    for (const byte of chunk) {
      this.#part[this.#filled++] = byte;
      if (this.#filled < COUNT_BYTES) continue;
      this.#filled = 0;
      newest = this.#part.readUInt32BE();
    }
    return newest;
  }
}

/**
 * Takes the sender's blocks in chunks of any cut: `push` a chunk, then `next` until it answers undefined. `next` throws a
 * DecodeError for a block that may not come now, before anything is made for its bytes, and from then on always.
 */
export class BulkBlockDecoder {
  readonly #lengthOf: (index: number) => number | undefined;
  readonly #bufferOf: (length: number) => Buffer;
  readonly #header = Buffer.alloc(HEADER_BYTES);
  #chunk: Uint8Array = new Uint8Array();
  #headerFilled = 0;
  #block: Buffer | undefined;
  #blockFilled = 0;
  #error: DecodeError | undefined;

  /** `lengthOf`: how long the block must be, undefined when it may not come now. `bufferOf`: where its bytes shall go. */
  constructor(lengthOf: (index: number) => number | undefined, bufferOf: (length: number) => Buffer) {
    this.#lengthOf = lengthOf;
    this.#bufferOf = bufferOf;
  }

  /** Only when `next` has answered undefined. The chunk is not copied, and used until then. */
  push(chunk: Uint8Array): void {
    if (this.#chunk.length > 0) throw new Error('the chunk before is not finished');
    this.#chunk = chunk;
  }

  next(): BulkBlock | undefined {
    if (this.#error !== undefined) throw this.#error;
    try {
      return this.#next();
    } catch (error) {
      this.#chunk = new Uint8Array();
      if (error instanceof DecodeError) this.#error = error;
      throw error;
    }
  }

  #next(): BulkBlock | undefined {
    this.#headerFilled += this.#fill(this.#header, this.#headerFilled);
    if (this.#headerFilled < HEADER_BYTES) return undefined;
    this.#block ??= this.#bufferOf(this.#checkedLength());
    this.#blockFilled += this.#fill(this.#block, this.#blockFilled);
    if (this.#blockFilled < this.#block.length) return undefined;
    const block = { index: this.#header.readUInt32BE(0), bytes: this.#block };
    this.#block = undefined;
    this.#headerFilled = 0;
    this.#blockFilled = 0;
    return block;
  }

  #checkedLength(): number {
    const index = this.#header.readUInt32BE(0);
    const length = this.#header.readUInt32BE(4);
    const expected = this.#lengthOf(index);
    if (expected === undefined) throw new DecodeError('bulk.index', 0, `${index} may not come now`);
    if (length !== expected) throw new DecodeError('bulk.length', 4, `${length} is not ${expected}`);
    return length;
  }

  /** Moves what the chunk has into `part` from `filled` on; how many bytes. */
  #fill(part: Buffer, filled: number): number {
    const taken = this.#chunk.subarray(0, part.length - filled);
    part.set(taken, filled);
    this.#chunk = this.#chunk.subarray(taken.length);
    return taken.length;
  }
}
