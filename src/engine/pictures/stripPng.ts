// A PNG without what it says besides its picture: texts, times, Exif, previews, anything private, and whatever follows its end.
// Kept are the chunks that its looks depend on (PNG third edition, section 11, and APNG); and the orientation.

import { crc32 } from 'node:zlib';
import { exifSaying, type Orientation, orientationIn } from './exifOrientation.ts';
import { listOf } from './pictureParts.ts';

const SIGNATURE_BYTES = 8;
/** Length and type before a chunk's data, a CRC behind it. */
const HEAD_BYTES = 8;
const CRC_BYTES = 4;

const KEPT = new Set([
  ...['IHDR', 'PLTE', 'IDAT', 'IEND', 'tRNS', 'cHRM', 'gAMA', 'iCCP', 'sBIT', 'sRGB', 'cICP', 'mDCV', 'cLLI'],
  ...['bKGD', 'hIST', 'pHYs', 'acTL', 'fcTL', 'fdAT'],
]);
/** A lower-case first letter: readers may leave it out. */
const ANCILLARY = /^[a-z]/;

interface Chunk {
  readonly type: string;
  /** All of it. */
  readonly bytes: Uint8Array;
}

/** Its parts, to be joined. Throws a RangeError where it is broken, or cannot be read without a chunk that is not known here. */
export function stripPng(file: Uint8Array): Uint8Array[] {
  const chunks = listOf(chunksOf(file));
  if (chunks.some(({ type }) => !KEPT.has(type) && !ANCILLARY.test(type)))
    throw new RangeError('a chunk that is needed and not known here');
  const [header, ...rest] = chunks.filter(({ type }) => KEPT.has(type)).map(({ bytes }) => bytes);
  if (header === undefined || chunks[0]?.type !== 'IHDR') throw new RangeError('no header');
  return [file.subarray(0, SIGNATURE_BYTES), header, ...exifChunk(orientationOf(chunks)), ...rest];
}

/** Up to the end of the image; a file that has none was cut off. */
function* chunksOf(file: Uint8Array): Generator<Chunk> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  for (let at = SIGNATURE_BYTES; ; ) {
    const end = at + HEAD_BYTES + view.getUint32(at) + CRC_BYTES;
    if (end > file.length) throw new RangeError('cut off');
    const type = String.fromCharCode(...file.subarray(at + 4, at + HEAD_BYTES));
    yield { type, bytes: file.subarray(at, end) };
    if (type === 'IEND') return;
    at = end;
  }
}

/** Of a file, or of its first bytes. Total. */
export function pngOrientation(file: Uint8Array): Orientation {
  try {
    return orientationOf(chunksOf(file));
  } catch (error) {
    if (error instanceof RangeError) return 1;
    throw error;
  }
}

/** What stands behind the first of the picture's data does not count: it may not be there (section 5.6), and nobody heeds it. */
function orientationOf(chunks: Iterable<Chunk>): Orientation {
  for (const { type, bytes } of chunks) {
    if (type === 'eXIf') return orientationIn(bytes.subarray(HEAD_BYTES, bytes.length - CRC_BYTES));
    if (type === 'IDAT') return 1;
  }
  return 1;
}

function exifChunk(orientation: Orientation): Uint8Array[] {
  if (orientation === 1) return [];
  const exif = exifSaying(orientation);
  const chunk = new Uint8Array(HEAD_BYTES + exif.length + CRC_BYTES);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, exif.length);
  chunk.set(new TextEncoder().encode('eXIf'), 4);
  chunk.set(exif, HEAD_BYTES);
  view.setUint32(chunk.length - CRC_BYTES, crc32(chunk.subarray(4, chunk.length - CRC_BYTES)));
  return [chunk];
}
