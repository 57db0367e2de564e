// The size of an AVIF from its boxes (ISO/IEC 14496-12, 4.2 and 8.3.2; ISO/IEC 23008-12, 6.5.3 and 6.5.10), without decoding.

import type { PictureSize } from './pictureSize.ts';

interface Box {
  readonly type: string;
  /** Of what it holds. */
  readonly start: number;
  /** May lie behind what is there of it. */
  readonly end: number;
}

const HEAD_BYTES = 8;
const LONG_HEAD_BYTES = 16;
/** Lengths that say where the length is. */
const LONG = 1;
const TO_THE_END = 0;
/** Version and flags, in front of what some boxes hold. */
const FULL_BYTES = 4;
/** In a `tkhd` of version 0, and of version 1 with its longer times. */
const TRACK_SIDES_AT = 76;
const LONG_TRACK_SIDES_AT = 88;
const FIRST_BRAND_AT = 8;
const BRAND_BYTES = 4;
const ASCII = [0, 1, 2, 3];
const ANIMATED = 'avis';

/**
 * As it is shown, turned where it says so; undefined where the boxes do not say. Throws a RangeError where they are cut short or
 * broken: another reader may go on elsewhere, and find another size. A picture in tiles has the size of each as well, and of an
 * animation browsers draw the tracks, whatever its properties say: the largest is the whole.
 */
export function avifSize(bytes: DataView): PictureSize | undefined {
  const track = trackSize(bytes);
  if (track === undefined && isAnimated(bytes)) return undefined;
  const picture = pictureSize(bytes);
  return picture === undefined ? track : larger(track, picture);
}

function pictureSize(bytes: DataView): PictureSize | undefined {
  let largest: PictureSize | undefined;
  let isTurned = false;
  for (const list of boxesAt(bytes, 'meta', 'iprp', 'ipco')) {
    for (const { type, start } of boxesIn(bytes, list)) {
      if (type === 'irot') isTurned = (bytes.getUint8(start) & 1) === 1;
      if (type === 'ispe') largest = larger(largest, sizeAt(bytes, start + FULL_BYTES));
    }
  }
  return isTurned && largest !== undefined ? { width: largest.height, height: largest.width } : largest;
}

/** Of the largest one. Their sides are in 16.16. */
function trackSize(bytes: DataView): PictureSize | undefined {
  let largest: PictureSize | undefined;
  for (const { start } of boxesAt(bytes, 'moov', 'trak', 'tkhd')) {
    const at = start + (bytes.getUint8(start) === 0 ? TRACK_SIDES_AT : LONG_TRACK_SIDES_AT);
    largest = larger(largest, { width: bytes.getUint16(at), height: bytes.getUint16(at + 4) });
  }
  return largest;
}

/** By its first brand or a later one: readers differ in which they heed. */
function isAnimated(bytes: DataView): boolean {
  for (const { start, end } of boxesAt(bytes, 'ftyp')) {
    if (textAt(bytes, start) === ANIMATED) return true;
    for (let at = start + FIRST_BRAND_AT; at < end; at += BRAND_BYTES)
      if (textAt(bytes, at) === ANIMATED) return true;
  }
  return false;
}

/** Each that `path` leads to. */
function boxesAt(bytes: DataView, ...path: string[]): Iterable<Box> {
  return boxesBelow(bytes, { type: '', start: 0, end: bytes.byteLength }, path);
}

function* boxesBelow(bytes: DataView, box: Box, [next, ...path]: readonly string[]): Generator<Box> {
  if (next === undefined) return yield box;
  for (const inner of boxesIn(bytes, box)) if (inner.type === next) yield* boxesBelow(bytes, inner, path);
}

/** Throws a RangeError where they are not those and no others. The last one of a file may be longer than what is there of it. */
function* boxesIn(bytes: DataView, { type, start, end }: Box): Generator<Box> {
  let at = type === 'meta' ? start + FULL_BYTES : start;
  while (at < end) {
    const box = boxAt(bytes, at);
    yield box;
    at = box.end;
  }
  if (at !== end && type !== '') throw new RangeError(`a box leaves its ${type}`);
}

function boxAt(bytes: DataView, at: number): Box {
  const length = bytes.getUint32(at);
  const isLong = length === LONG;
  const start = at + (isLong ? LONG_HEAD_BYTES : HEAD_BYTES);
  const end = at + (isLong ? Number(bytes.getBigUint64(at + HEAD_BYTES)) : length);
  const type = textAt(bytes, at + 4);
  if (length === TO_THE_END) return { type, start, end: Number.POSITIVE_INFINITY };
  if (end < start) throw new RangeError(`a ${type} of no length`);
  return { type, start, end };
}

function textAt(bytes: DataView, at: number): string {
  return String.fromCharCode(...ASCII.map((i) => bytes.getUint8(at + i)));
}

function sizeAt(bytes: DataView, at: number): PictureSize {
  return { width: bytes.getUint32(at), height: bytes.getUint32(at + 4) };
}

function larger(known: PictureSize | undefined, other: PictureSize): PictureSize {
  return known !== undefined && known.width * known.height >= other.width * other.height ? known : other;
}
