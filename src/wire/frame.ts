// A frame of the link: a length and one JSON value.
//
//   0        4                 4 + length
//   | length | UTF-8 JSON text |            length: unsigned, big-endian, of the text in bytes

import { DecodeError } from './decodeError.ts';

/** The most bytes of JSON text in one frame; a bound against a hostile peer. */
export const MAX_FRAME_BYTES = 256 * 1024;
const HEADER_BYTES = 4;

const encoder = new TextEncoder();
// A byte order mark stays in the text, where JSON refuses it.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The whole frame of `json`. A value larger than MAX_FRAME_BYTES is a bug of the caller and throws. */
export function encodeFrame(json: unknown): Uint8Array {
  const text = encoder.encode(JSON.stringify(json));
  if (text.length > MAX_FRAME_BYTES) throw new RangeError(`a frame of ${text.length} bytes is too large`);
  const frame = new Uint8Array(HEADER_BYTES + text.length);
  new DataView(frame.buffer).setUint32(0, text.length);
  frame.set(text, HEADER_BYTES);
  return frame;
}

/**
 * Takes a stream in chunks of any cut and gives the JSON values of its frames: `push` a chunk, then `next` until it
 * answers undefined (which JSON has no word for). Holds at most one frame and one chunk. `next` throws a DecodeError
 * for bytes that are no frames, and from then on always: a stream cannot be found again after that.
 */
export class FrameDecoder {
  #chunk: Uint8Array = new Uint8Array();
  /** The part that is being filled: a header, or a text whose length was checked before this was made. */
  #part: Uint8Array = new Uint8Array(HEADER_BYTES);
  #filled = 0;
  #inText = false;
  #error: DecodeError | undefined;

  /** Only when `next` has answered undefined. The decoder keeps the chunk until then and does not copy it. */
  push(chunk: Uint8Array): void {
    if (this.#chunk.length > 0) throw new Error('the chunk before is not finished');
    this.#chunk = chunk;
  }

  next(): unknown {
    if (this.#error !== undefined) throw this.#error;
    try {
      return this.#next();
    } catch (error) {
      this.#chunk = new Uint8Array();
      if (error instanceof DecodeError) this.#error = error;
      throw error;
    }
  }

  #next(): unknown {
    if (!this.#inText) {
      if (!this.#fill()) return undefined;
      this.#begin(textLength(this.#part), true);
    }
    if (!this.#fill()) return undefined;
    const text = this.#part;
    this.#begin(HEADER_BYTES, false);
    return parse(text);
  }

  #begin(length: number, inText: boolean): void {
    this.#part = new Uint8Array(length);
    this.#filled = 0;
    this.#inText = inText;
  }

  /** Moves what the chunk has into the part; whether the part is whole. */
  #fill(): boolean {
    const taken = this.#chunk.subarray(0, this.#part.length - this.#filled);
    this.#part.set(taken, this.#filled);
    this.#filled += taken.length;
    this.#chunk = this.#chunk.subarray(taken.length);
    return this.#filled === this.#part.length;
  }
}

function textLength(header: Uint8Array): number {
  const length = new DataView(header.buffer).getUint32(0);
  if (length > MAX_FRAME_BYTES)
    throw new DecodeError('frame.length', 0, `${length} is above ${MAX_FRAME_BYTES}`);
  return length;
}

function parse(text: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(text));
  } catch (error) {
    const problem = error instanceof SyntaxError ? 'is not JSON' : 'is not UTF-8';
    throw new DecodeError('frame.text', HEADER_BYTES, problem);
  }
}
