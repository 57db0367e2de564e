// Media type and size of a picture from its first bytes, without decoding: PNG, JPEG, GIF, BMP, WebP, TIFF, AVIF and HEIC. Total over any bytes.

import { avifSize } from './avifSize.ts';
import { END_OF_IMAGE, START_OF_SCAN } from './jpegSegments.ts';
import type { PictureSize } from './pictureSize.ts';

export interface PictureHeader {
  readonly mediaType: string;
  /** In pixels as stored, before EXIF orientation; absent where the header ends early or is broken. */
  readonly size?: PictureSize;
}

interface Format {
  readonly mediaType: string;
  isIt(bytes: DataView): boolean;
  size(bytes: DataView): PictureSize | undefined;
}

/** Undefined when the bytes are no picture that is known here. */
export function pictureHeaderOf(bytes: Uint8Array): PictureHeader | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const format = FORMATS.find((candidate) => candidate.isIt(view));
  if (format === undefined) return undefined;
  const size = sizeIn(format, view);
  return size === undefined ? { mediaType: format.mediaType } : { mediaType: format.mediaType, size };
}

function sizeIn(format: Format, view: DataView): PictureSize | undefined {
  try {
    const size = format.size(view);
    return size !== undefined && size.width > 0 && size.height > 0 ? size : undefined;
  } catch (error) {
    // A DataView refuses to read past its end: the header is cut short.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

const FORMATS: readonly Format[] = [
  { mediaType: 'image/png', isIt: (bytes) => hasText(bytes, 0, '\x89PNG\r\n\x1a\n'), size: pngSize },
  { mediaType: 'image/jpeg', isIt: (bytes) => hasText(bytes, 0, '\xff\xd8\xff'), size: jpegSize },
  {
    mediaType: 'image/gif',
    isIt: (bytes) => hasText(bytes, 0, 'GIF87a') || hasText(bytes, 0, 'GIF89a'),
    size: gifSize,
  },
  {
    mediaType: 'image/webp',
    isIt: (bytes) => hasText(bytes, 0, 'RIFF') && hasText(bytes, 8, 'WEBP'),
    size: webpSize,
  },
  {
    mediaType: 'image/bmp',
    // Two letters are few: the reserved words behind the file size must be zero as well.
    isIt: (bytes) => hasText(bytes, 0, 'BM') && hasText(bytes, 6, '\0\0\0\0'),
    size: bmpSize,
  },
  {
    mediaType: 'image/tiff',
    isIt: (bytes) => hasText(bytes, 0, 'II\x2a\0') || hasText(bytes, 0, 'MM\0\x2a'),
    size: tiffSize,
  },
  {
    mediaType: 'image/avif',
    isIt: (bytes) => hasText(bytes, 4, 'ftypavif') || hasText(bytes, 4, 'ftypavis'),
    size: avifSize,
  },
  // What phones store. No editor draws it, so it is no picture in the chat, but it says where it was taken. The boxes are AVIF's.
  {
    mediaType: 'image/heic',
    isIt: (bytes) => HEIF_BRANDS.some((brand) => hasText(bytes, 4, `ftyp${brand}`)),
    size: avifSize,
  },
];

/** Of HEVC pictures and sequences, and of those that do not say how they are coded (ISO/IEC 23008-12, 10 and annex B). */
const HEIF_BRANDS = ['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'mif1', 'msf1'];

function hasText(bytes: DataView, at: number, text: string): boolean {
  if (bytes.byteLength < at + text.length) return false;
  for (let i = 0; i < text.length; i++) if (bytes.getUint8(at + i) !== text.charCodeAt(i)) return false;
  return true;
}

/** The first chunk is IHDR (PNG third edition, 11.2.1). */
function pngSize(bytes: DataView): PictureSize | undefined {
  if (!hasText(bytes, 12, 'IHDR')) return undefined;
  return { width: bytes.getUint32(16), height: bytes.getUint32(20) };
}

/** Below are a stuffed byte, which some pass over, and reserved ones without a meaning (ITU T.81, table B.1). */
const JPEG_FIRST_SEGMENT = 0xc0;

/** Walks the segments up to the start of frame (ITU T.81, B.2). Undefined where others may go on elsewhere, and find another size. */
function jpegSize(bytes: DataView): PictureSize | undefined {
  for (let at = 2; ; ) {
    if (bytes.getUint8(at) !== 0xff) return undefined;
    const marker = bytes.getUint8(at + 1);
    if (marker === 0xff) at += 1;
    else if (isStandalone(marker)) at += 2;
    else if (isStartOfFrame(marker))
      return { width: bytes.getUint16(at + 7), height: bytes.getUint16(at + 5) };
    else if (marker < JPEG_FIRST_SEGMENT || marker === START_OF_SCAN || marker === END_OF_IMAGE)
      return undefined;
    else at += 2 + Math.max(2, bytes.getUint16(at + 2));
  }
}

function isStandalone(marker: number): boolean {
  return marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
}

/** C0 to CF without the tables DHT (C4), JPG (C8) and DAC (CC). */
function isStartOfFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

const GIF_EXTENSION = 0x21;
const GIF_IMAGE = 0x2c;

/** The screen, and the first frame where it stands: a decoder makes room for both, and they need not agree. */
function gifSize(bytes: DataView): PictureSize | undefined {
  const screen = { width: bytes.getUint16(6, true), height: bytes.getUint16(8, true) };
  const flags = bytes.getUint8(10);
  let at = 13 + (flags & 0x80 ? 3 << ((flags & 7) + 1) : 0);
  while (bytes.getUint8(at) === GIF_EXTENSION) {
    at += 2;
    while (bytes.getUint8(at) !== 0) at += 1 + bytes.getUint8(at);
    at += 1;
  }
  if (bytes.getUint8(at) !== GIF_IMAGE) return undefined;
  const right = bytes.getUint16(at + 1, true) + bytes.getUint16(at + 5, true);
  const bottom = bytes.getUint16(at + 3, true) + bytes.getUint16(at + 7, true);
  return { width: Math.max(screen.width, right), height: Math.max(screen.height, bottom) };
}

const BMP_CORE_HEADER_BYTES = 12;

function bmpSize(bytes: DataView): PictureSize {
  if (bytes.getUint32(14, true) === BMP_CORE_HEADER_BYTES) {
    return { width: bytes.getUint16(18, true), height: bytes.getUint16(20, true) };
  }
  // A negative height means that the rows run from the top.
  return { width: bytes.getInt32(18, true), height: Math.abs(bytes.getInt32(22, true)) };
}

/** The three kinds of first chunk (RFC 9649 section 2). */
function webpSize(bytes: DataView): PictureSize | undefined {
  if (hasText(bytes, 12, 'VP8X')) return { width: 1 + uint24(bytes, 24), height: 1 + uint24(bytes, 27) };
  if (hasText(bytes, 12, 'VP8L')) {
    const packed = bytes.getUint32(21, true);
    return { width: 1 + (packed & 0x3fff), height: 1 + ((packed >>> 14) & 0x3fff) };
  }
  if (!hasText(bytes, 12, 'VP8 ')) return undefined;
  return { width: bytes.getUint16(26, true) & 0x3fff, height: bytes.getUint16(28, true) & 0x3fff };
}

function uint24(bytes: DataView, at: number): number {
  return bytes.getUint16(at, true) | (bytes.getUint8(at + 2) << 16);
}

const TIFF_ENTRY_BYTES = 12;
const TIFF_WIDTH_TAG = 256;
const TIFF_HEIGHT_TAG = 257;
const TIFF_SHORT = 3;

/** Width and height of the first image directory (TIFF 6.0, section 2). */
function tiffSize(bytes: DataView): PictureSize | undefined {
  const little = bytes.getUint8(0) === 0x49;
  const directory = bytes.getUint32(4, little);
  const values = new Map<number, number>();
  for (let i = 0; i < bytes.getUint16(directory, little); i++) {
    const entry = directory + 2 + i * TIFF_ENTRY_BYTES;
    const isShort = bytes.getUint16(entry + 2, little) === TIFF_SHORT;
    const value = isShort ? bytes.getUint16(entry + 8, little) : bytes.getUint32(entry + 8, little);
    values.set(bytes.getUint16(entry, little), value);
  }
  const [width, height] = [values.get(TIFF_WIDTH_TAG), values.get(TIFF_HEIGHT_TAG)];
  return width === undefined || height === undefined ? undefined : { width, height };
}
