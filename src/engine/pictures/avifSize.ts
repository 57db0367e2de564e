// The size of an AVIF picture from its boxes (ISO/IEC 23008-12, 6.5.3 and 6.5.10), without decoding.

import type { PictureSize } from './pictureSize.ts';

interface Box {
  readonly type: string;
  /** Of what it holds. */
  readonly start: number;
  readonly end: number;
}

const HEAD_BYTES = 8;
/** Version and flags, in front of what some boxes hold. */
const FULL_BYTES = 4;
const ASCII = [0, 1, 2, 3];

/**
 * As it is shown, turned where it says so; undefined where the boxes do not say. Throws the DataView's RangeError where they are cut
 * short. A picture in tiles has the size of each as well: the largest is the whole.
 */
export function avifSize(bytes: DataView): PictureSize | undefined {
  const file = { type: '', start: 0, end: bytes.byteLength };
  const meta = boxIn(bytes, file, 'meta');
  const properties = meta && boxIn(bytes, { ...meta, start: meta.start + FULL_BYTES }, 'iprp');
  const list = properties && boxIn(bytes, properties, 'ipco');
  if (list === undefined) return undefined;
  let largest: PictureSize | undefined;
  let isTurned = false;
  for (const { type, start } of boxesIn(bytes, list)) {
    if (type === 'irot') isTurned = (bytes.getUint8(start) & 1) === 1;
    if (type === 'ispe') largest = larger(largest, sizeAt(bytes, start + FULL_BYTES));
  }
  return isTurned && largest !== undefined ? { width: largest.height, height: largest.width } : largest;
}

function boxIn(bytes: DataView, within: Box, type: string): Box | undefined {
  for (const box of boxesIn(bytes, within)) if (box.type === type) return box;
  return undefined;
}

/** A box that is larger than what it is in, or too large for its first length, ends the walk. */
function* boxesIn(bytes: DataView, { start, end }: Box): Generator<Box> {
  for (let at = start; at + HEAD_BYTES <= end; ) {
    const length = bytes.getUint32(at);
    if (length < HEAD_BYTES) return;
    const type = String.fromCharCode(...ASCII.map((i) => bytes.getUint8(at + 4 + i)));
    yield { type, start: at + HEAD_BYTES, end: Math.min(at + length, end) };
    at += length;
  }
}

function sizeAt(bytes: DataView, at: number): PictureSize {
  return { width: bytes.getUint32(at), height: bytes.getUint32(at + 4) };
}

function larger(known: PictureSize | undefined, other: PictureSize): PictureSize {
  return known !== undefined && known.width * known.height >= other.width * other.height ? known : other;
}
