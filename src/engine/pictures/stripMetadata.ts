// A picture without what its file says besides it: where and when it was taken, with what, by whom. Nothing is decoded, so that
// every pixel stays as it is. Claims nothing for what it does not know to the end.

import { pictureHeaderOf } from './pictureHeader.ts';
import { stripGif } from './stripGif.ts';
import { stripJpeg } from './stripJpeg.ts';
import { stripPng } from './stripPng.ts';
import { stripWebp } from './stripWebp.ts';

/** BMP, TIFF, AVIF and HEIC are not taken apart here. */
const STRIPPERS: Readonly<Record<string, (file: Uint8Array) => Uint8Array[]>> = {
  'image/jpeg': stripJpeg,
  'image/png': stripPng,
  'image/gif': stripGif,
  'image/webp': stripWebp,
};

/**
 * The same picture without metadata: `file` itself where it has none, else a copy. What says which way up it is stays.
 * Undefined for a format that is not known here, and for a file that is broken. Total; one walk over the file.
 */
export function stripMetadata(file: Uint8Array): Uint8Array | undefined {
  const strip = STRIPPERS[pictureHeaderOf(file)?.mediaType ?? ''];
  if (strip === undefined) return undefined;
  try {
    const stripped = Buffer.concat(strip(file));
    return stripped.equals(file) ? file : stripped;
  } catch (error) {
    // What is broken, or goes on where a DataView ends.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
