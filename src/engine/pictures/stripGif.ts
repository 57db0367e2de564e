// A GIF without what it says besides its pictures: comments, applications' own data such as XMP, and whatever follows its end.
// Kept are pictures, their timing, and how often they are repeated (GIF89a; Netscape's looping extension).

import { listOf } from './pictureParts.ts';

const EXTENSION = 0x21;
const IMAGE = 0x2c;
const TRAILER = 0x3b;
const CONTROL = 0xf9;
const COMMENT = 0xfe;
const APPLICATION = 0xff;
const SCREEN_END = 13;
const IMAGE_HEAD_BYTES = 10;
const LOOPS = ['NETSCAPE2.0', 'ANIMEXTS1.0'];
/** The name, its sub-block of three bytes, the end. */
const LOOP_BYTES = 19;

/** Its parts, to be joined. Throws a RangeError where it is broken, or draws text, which nobody knows how to leave out. */
export function stripGif(file: Uint8Array): Uint8Array[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const start = SCREEN_END + paletteBytes(view.getUint8(10));
  if (start > file.length) throw new RangeError('cut off');
  const kept = listOf(blocksOf(file, view, start)).filter(isKept);
  // A new end: many files have none.
  return [file.subarray(0, start), ...kept, Uint8Array.of(TRAILER)];
}

function* blocksOf(file: Uint8Array, view: DataView, start: number): Generator<Uint8Array> {
  for (let at = start; at < file.length && file[at] !== TRAILER; ) {
    const end = blockEnd(view, at);
    yield file.subarray(at, end);
    at = end;
  }
}

/** Behind the block that begins at `at`. */
function blockEnd(view: DataView, at: number): number {
  const kind = view.getUint8(at);
  if (kind === EXTENSION) return dataEnd(view, at + 2);
  if (kind !== IMAGE) throw new RangeError(`no block at ${at}`);
  const palette = paletteBytes(view.getUint8(at + IMAGE_HEAD_BYTES - 1));
  // One byte says how the picture is coded.
  return dataEnd(view, at + IMAGE_HEAD_BYTES + palette + 1);
}

/** Behind the sub-blocks that begin at `at`, each with its length in front, the last one empty. */
function dataEnd(view: DataView, at: number): number {
  let end = at;
  while (view.getUint8(end) !== 0) end += 1 + view.getUint8(end);
  return end + 1;
}

function paletteBytes(flags: number): number {
  return flags & 0x80 ? 3 << ((flags & 7) + 1) : 0;
}

function isKept(block: Uint8Array): boolean {
  if (block[0] === IMAGE || block[1] === CONTROL) return true;
  if (block[1] === COMMENT) return false;
  if (block[1] !== APPLICATION) throw new RangeError('text that is drawn, or nothing that is known here');
  return isLoop(block);
}

/** And nothing besides: three bytes in all, the first of which is 1. */
function isLoop(block: Uint8Array): boolean {
  const name = String.fromCharCode(...block.subarray(3, 14));
  return LOOPS.includes(name) && block.length === LOOP_BYTES && block[14] === 3 && block[15] === 1;
}
