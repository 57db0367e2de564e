// A picture as it is to be looked at: which way up its file says it is, and its pixels turned so.

import type { Orientation } from './exifOrientation.ts';
import { jpegOrientation } from './jpegSegments.ts';
import type { PictureSize } from './pictureSize.ts';
import { pngOrientation } from './stripPng.ts';

/** Rows of four bytes a pixel. */
export interface Bitmap extends PictureSize {
  readonly data: Buffer;
}

/** The first of its rows or columns is looked at as the last one (Exif 2.32, 4.6.4). */
const MIRRORED_ACROSS: readonly Orientation[] = [2, 3, 7, 8];
const MIRRORED_DOWN: readonly Orientation[] = [3, 4, 6, 7];
const PIXEL_BYTES = 4;

/** Of a file, or of its first bytes, as the editor shows it: it heeds what JPEG and PNG say of this, and nothing else does. Total. */
export function orientationOf(bytes: Uint8Array, mediaType: string): Orientation {
  if (mediaType === 'image/jpeg') return jpegOrientation(bytes);
  return mediaType === 'image/png' ? pngOrientation(bytes) : 1;
}

export function uprightSize({ width, height }: PictureSize, orientation: Orientation): PictureSize {
  return isOnItsSide(orientation) ? { width: height, height: width } : { width, height };
}

/** The same picture upright; itself where it is already. */
export function uprightBitmap(bitmap: Bitmap, orientation: Orientation): Bitmap {
  if (orientation === 1) return bitmap;
  const { width, height } = uprightSize(bitmap, orientation);
  const data = Buffer.alloc(bitmap.data.length);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const from = PIXEL_BYTES * sourceOf(x, y, bitmap, orientation);
      bitmap.data.copy(data, PIXEL_BYTES * (y * width + x), from, from + PIXEL_BYTES);
    }
  return { width, height, data };
}

/** Where the pixel that is to be seen at `x`, `y` is stored, counted in pixels. */
function sourceOf(x: number, y: number, { width, height }: PictureSize, orientation: Orientation): number {
  const [across, down] = isOnItsSide(orientation) ? [y, x] : [x, y];
  const column = MIRRORED_ACROSS.includes(orientation) ? width - 1 - across : across;
  const row = MIRRORED_DOWN.includes(orientation) ? height - 1 - down : down;
  return row * width + column;
}

function isOnItsSide(orientation: Orientation): boolean {
  return orientation >= 5;
}
