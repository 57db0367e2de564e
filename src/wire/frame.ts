// A frame of the link: a length and one JSON value.
//
//   0        4                 4 + length
//   | length | UTF-8 JSON text |            length: unsigned, big-endian, of the text in bytes

import { DecodeError } from './decodeError.ts';
import { PartsDecoder, type Taken } from './partsDecoder.ts';

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

/** The JSON values of a stream's frames; undefined is none, for JSON has no word for it. */
export class FrameDecoder extends PartsDecoder<unknown> {
  #inText = false;

  constructor() {
    super(new Uint8Array(HEADER_BYTES));
  }

  protected override take(part: Uint8Array): Taken<unknown> {
    this.#inText = !this.#inText;
    if (this.#inText) return { part: new Uint8Array(textLength(part)) };
    return { part: new Uint8Array(HEADER_BYTES), value: parse(part) };
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
