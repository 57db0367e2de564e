// A WebP without what it says besides its picture: Exif, XMP, unknown chunks, and whatever follows its end (RFC 9649, section 2).
// Kept are pictures, transparency, animation and the colour profile; and the orientation.

import { exifSaying, type Orientation, orientationIn } from './exifOrientation.ts';
import { listOf } from './pictureParts.ts';

const FILE_HEAD_BYTES = 12;
const HEAD_BYTES = 8;
/** Of an animation's frame, before its own chunks. */
const FRAME_HEAD_BYTES = HEAD_BYTES + 16;
const EXIF_FLAG = 0x08;
const XMP_FLAG = 0x04;
const EXIF_PREFIX = 'Exif\0\0';

const KEPT = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM', 'ANMF', 'ICCP']);
const KEPT_IN_FRAMES = new Set(['VP8 ', 'VP8L', 'ALPH']);

interface Chunk {
  readonly type: string;
  /** All of it, with the byte that makes its length even. */
  readonly bytes: Uint8Array;
}

/** Its parts, to be joined. Throws a RangeError where it is broken. */
export function stripWebp(file: Uint8Array): Uint8Array[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const end = HEAD_BYTES + view.getUint32(4, true);
  if (end > file.length) throw new RangeError('cut off');
  const chunks = listOf(chunksOf(file.subarray(FILE_HEAD_BYTES, end)));
  const orientation = orientationOf(chunks);
  const kept = chunks.filter(({ type }) => KEPT.has(type)).map((chunk) => cleaned(chunk, orientation));
  const isExtended = chunks[0]?.type === 'VP8X';
  const parts = [...kept, ...(isExtended ? exifChunk(orientation) : [])];
  return [fileHead(file, parts), ...parts];
}

function* chunksOf(bytes: Uint8Array): Generator<Chunk> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < bytes.length; ) {
    const length = view.getUint32(at + 4, true);
    const end = at + HEAD_BYTES + length + (length % 2);
    if (end > bytes.length) throw new RangeError('cut off');
    yield { type: String.fromCharCode(...bytes.subarray(at, at + 4)), bytes: bytes.subarray(at, end) };
    at = end;
  }
}

function cleaned({ type, bytes }: Chunk, orientation: Orientation): Uint8Array {
  if (type === 'VP8X') return withFlags(bytes, orientation);
  return type === 'ANMF' ? cleanedFrame(bytes) : bytes;
}

function withFlags(header: Uint8Array, orientation: Orientation): Uint8Array {
  const flags = header[HEAD_BYTES] ?? 0;
  const copy = new Uint8Array(header);
  copy[HEAD_BYTES] = (flags & ~(EXIF_FLAG | XMP_FLAG)) | (orientation === 1 ? 0 : EXIF_FLAG);
  return copy;
}

/** Its own chunks are looked through as well. */
function cleanedFrame(frame: Uint8Array): Uint8Array {
  const chunks = listOf(chunksOf(frame.subarray(FRAME_HEAD_BYTES, frame.length - (lengthOf(frame) % 2))));
  const kept = chunks.filter(({ type }) => KEPT_IN_FRAMES.has(type)).map(({ bytes }) => bytes);
  const copy = new Uint8Array(Buffer.concat([frame.subarray(0, FRAME_HEAD_BYTES), ...kept]));
  new DataView(copy.buffer).setUint32(4, copy.length - HEAD_BYTES, true);
  return copy;
}

function lengthOf(chunk: Uint8Array): number {
  return new DataView(chunk.buffer, chunk.byteOffset).getUint32(4, true);
}

function orientationOf(chunks: readonly Chunk[]): Orientation {
  const exif = chunks.find(({ type }) => type === 'EXIF')?.bytes.subarray(HEAD_BYTES);
  if (exif === undefined) return 1;
  // Some writers begin it as a JPEG would.
  const isPrefixed = String.fromCharCode(...exif.subarray(0, EXIF_PREFIX.length)) === EXIF_PREFIX;
  return orientationIn(isPrefixed ? exif.subarray(EXIF_PREFIX.length) : exif);
}

function exifChunk(orientation: Orientation): Uint8Array[] {
  if (orientation === 1) return [];
  const exif = exifSaying(orientation);
  const head = Uint8Array.of(...new TextEncoder().encode('EXIF'), exif.length, 0, 0, 0);
  return [head, exif];
}

function fileHead(file: Uint8Array, parts: readonly Uint8Array[]): Uint8Array {
  const head = new Uint8Array(file.subarray(0, FILE_HEAD_BYTES));
  const length = parts.reduce((sum, part) => sum + part.length, FILE_HEAD_BYTES - HEAD_BYTES);
  new DataView(head.buffer).setUint32(4, length, true);
  return head;
}
