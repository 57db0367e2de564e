// The parts of a JPEG file in their order (ITU T.81, annex B): segments with a marker, and the coded data behind each start of scan.

import { type Orientation, orientationIn } from './exifOrientation.ts';

export interface JpegPart {
  /** The second byte of the marker; CODED_DATA for what follows a start of scan. */
  readonly marker: number;
  /** All of it, marker and length included. */
  readonly bytes: Uint8Array;
}

export const CODED_DATA = 0;
export const APP0 = 0xe0;
export const APP1 = 0xe1;
export const APP2 = 0xe2;
export const APP14 = 0xee;
export const APP15 = 0xef;
export const COMMENT = 0xfe;
export const END_OF_IMAGE = 0xd9;
export const START_OF_SCAN = 0xda;

/** What the segment APP1 of Exif data begins with. */
export const EXIF = 'Exif\0\0';
/** The first byte of each marker. Any number of these may stand before it. */
const FILL = 0xff;
/** Marker and length. */
const HEAD_BYTES = 4;

/** From behind the start of image to its end, without what may follow. Throws a RangeError where the file is no JPEG. */
export function* jpegParts(file: Uint8Array): Generator<JpegPart> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  for (let at = 2; at < file.length; ) {
    const marker = view.getUint8(at + 1);
    if (marker === FILL && view.getUint8(at) === FILL) {
      at += 1;
      continue;
    }
    if (view.getUint8(at) !== FILL || !isSegment(marker)) throw new RangeError(`no segment at ${at}`);
    const end = marker === END_OF_IMAGE ? at + 2 : at + 2 + view.getUint16(at + 2);
    if (marker !== END_OF_IMAGE && (end < at + HEAD_BYTES || end > file.length)) throw new RangeError('cut');
    yield { marker, bytes: file.subarray(at, end) };
    if (marker === END_OF_IMAGE) return;
    at = end;
    if (marker !== START_OF_SCAN) continue;
    at = endOfCodedData(file, end);
    yield { marker: CODED_DATA, bytes: file.subarray(end, at) };
  }
}

/** Whether the data of a segment, behind its length, begins with this text. */
export function startsWith({ bytes }: JpegPart, text: string): boolean {
  return [...text].every((character, i) => bytes[HEAD_BYTES + i] === character.charCodeAt(0));
}

/** What an Exif segment says; undefined for every other part. */
export function orientationOfPart(part: JpegPart): Orientation | undefined {
  if (part.marker !== APP1 || !startsWith(part, EXIF)) return undefined;
  return orientationIn(part.bytes.subarray(HEAD_BYTES + EXIF.length));
}

/** Of a file, or of its first bytes. Total. */
export function jpegOrientation(file: Uint8Array): Orientation {
  try {
    for (const part of jpegParts(file)) {
      const orientation = orientationOfPart(part);
      if (orientation !== undefined) return orientation;
      if (part.marker === START_OF_SCAN) break;
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return 1;
}

/** Those with a length, and the end; neither a restart nor a start of image stands between segments. */
function isSegment(marker: number): boolean {
  return marker >= 0xc0 && marker < FILL && !(marker >= 0xd0 && marker <= 0xd8);
}

/** The first marker that is neither a stuffed byte nor a restart; the end of the file where it was cut off. */
function endOfCodedData(file: Uint8Array, from: number): number {
  for (let at = file.indexOf(FILL, from); at >= 0 && at + 1 < file.length; at = file.indexOf(FILL, at)) {
    const next = file[at + 1] as number;
    if (next === FILL) at += 1;
    else if (next === 0 || (next >= 0xd0 && next <= 0xd7)) at += 2;
    else return at;
  }
  return file.length;
}
