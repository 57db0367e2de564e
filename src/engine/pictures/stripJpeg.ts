// A JPEG without what it says besides its picture: Exif and XMP (APP1), IPTC (APP13), comments, previews, makers' own segments, and
// whatever hides behind its end. Kept are those that its colours depend on: JFIF, ICC profiles, Adobe's; and the orientation.

import { exifSaying, type Orientation } from './exifOrientation.ts';
import {
  APP0,
  APP1,
  APP2,
  APP14,
  APP15,
  COMMENT,
  EXIF,
  type JpegPart,
  jpegParts,
  orientationOfPart,
  START_OF_SCAN,
  startsWith,
} from './jpegSegments.ts';
import { listOf } from './pictureParts.ts';

const START_OF_IMAGE = Uint8Array.of(0xff, 0xd8);
/** Reserved for extensions of JPEG: nobody knows what they hold. */
const FIRST_EXTENSION = 0xf0;
/** Up to the size of the preview that may follow. */
const JFIF_BYTES = 16;
const ADOBE_BYTES = 16;

/** Its parts, to be joined. Throws a RangeError where it is broken, or holds what is not known here. */
export function stripJpeg(file: Uint8Array): Uint8Array[] {
  const parts = listOf(jpegParts(file));
  const isKnown = ({ marker }: JpegPart) => marker < FIRST_EXTENSION || marker === COMMENT;
  if (!parts.some(({ marker }) => marker === START_OF_SCAN) || !parts.every(isKnown))
    throw new RangeError('no JPEG that is known here');
  const kept = parts.map(keptOf).filter((bytes) => bytes !== undefined);
  const orientation = parts.map(orientationOfPart).find((each) => each !== undefined) ?? 1;
  // Readers look for JFIF right behind the start.
  const first = kept[0]?.[1] === APP0 ? kept.splice(0, 1) : [];
  return [START_OF_IMAGE, ...first, ...exifSegment(orientation), ...kept];
}

function keptOf(part: JpegPart): Uint8Array | undefined {
  const { marker, bytes } = part;
  if (marker === APP0) return startsWith(part, 'JFIF\0') ? withoutPreview(bytes) : undefined;
  if (marker === APP2) return startsWith(part, 'ICC_PROFILE\0') ? bytes : undefined;
  if (marker === APP14) return startsWith(part, 'Adobe') ? cutTo(bytes, ADOBE_BYTES) : undefined;
  return (marker > APP0 && marker <= APP15) || marker === COMMENT ? undefined : bytes;
}

function withoutPreview(jfif: Uint8Array): Uint8Array {
  const bytes = cutTo(jfif, JFIF_BYTES + 2);
  bytes.fill(0, JFIF_BYTES);
  return bytes;
}

/** A segment of at most `length` bytes, its length set anew. */
function cutTo(segment: Uint8Array, length: number): Uint8Array {
  const bytes = new Uint8Array(segment.subarray(0, length));
  new DataView(bytes.buffer).setUint16(2, bytes.length - 2);
  return bytes;
}

function exifSegment(orientation: Orientation): Uint8Array[] {
  if (orientation === 1) return [];
  const exif = exifSaying(orientation);
  const head = Uint8Array.of(0xff, APP1, 0, 2 + EXIF.length + exif.length, ...new TextEncoder().encode(EXIF));
  return [head, exif];
}
