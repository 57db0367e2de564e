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
import { PartsDecoder, type Taken } from './partsDecoder.ts';

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

/** The sender's blocks. One that may not come now is refused before anything is made for its bytes. */
export class BulkBlockDecoder extends PartsDecoder<BulkBlock> {
  readonly #lengthOf: (index: number) => number | undefined;
  readonly #bufferOf: (length: number) => Buffer;
  readonly #header: Buffer;
  #block: Buffer | undefined;

  /** `lengthOf`: how long the block must be, undefined when it may not come now. `bufferOf`: where its bytes shall go. */
  constructor(lengthOf: (index: number) => number | undefined, bufferOf: (length: number) => Buffer) {
    const header = Buffer.alloc(HEADER_BYTES);
    super(header);
    this.#lengthOf = lengthOf;
    this.#bufferOf = bufferOf;
    this.#header = header;
  }

  /** Bytes that came of a block that is not whole. */
  get unfinishedBytes(): number {
    return this.#block === undefined ? 0 : this.filledBytes;
  }

  protected override take(): Taken<BulkBlock> {
    const bytes = this.#block;
    if (bytes === undefined) {
      this.#block = this.#bufferOf(this.#checkedLength());
      return { part: this.#block };
    }
    this.#block = undefined;
    return { part: this.#header, value: { index: this.#header.readUInt32BE(0), bytes } };
  }

  #checkedLength(): number {
    const index = this.#header.readUInt32BE(0);
    const length = this.#header.readUInt32BE(4);
    const expected = this.#lengthOf(index);
    if (expected === undefined) throw new DecodeError('bulk.index', 0, `${index} may not come now`);
    if (length !== expected) throw new DecodeError('bulk.length', 4, `${length} is not ${expected}`);
    return length;
  }
}
