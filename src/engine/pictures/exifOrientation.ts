// The one thing of a picture's Exif data that its looks depend on (Exif 2.32, 4.6.4: tag 0x0112), and a block that says nothing else.

/** 1: as stored. 2 to 8: mirrored or turned; from 5 on width and height change places. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

const LITTLE_ENDIAN = 0x4949;
const BIG_ENDIAN = 0x4d4d;
const TIFF_MAGIC = 42;
const ENTRY_BYTES = 12;
const ORIENTATION_TAG = 0x0112;
const SHORT = 3;

/** In a block of Exif data, which is a TIFF file without a picture; 1 where it says nothing or is broken. Total. */
export function orientationIn(exif: Uint8Array): Orientation {
  try {
    return orientationOfTiff(new DataView(exif.buffer, exif.byteOffset, exif.byteLength));
  } catch (error) {
    // A DataView refuses to read past its end.
    if (error instanceof RangeError) return 1;
    throw error;
  }
}

function orientationOfTiff(tiff: DataView): Orientation {
  const order = tiff.getUint16(0);
  const isLittle = order === LITTLE_ENDIAN;
  if ((!isLittle && order !== BIG_ENDIAN) || tiff.getUint16(2, isLittle) !== TIFF_MAGIC) return 1;
  const directory = tiff.getUint32(4, isLittle);
  for (let i = 0; i < tiff.getUint16(directory, isLittle); i++) {
    const entry = directory + 2 + i * ENTRY_BYTES;
    const isIt = tiff.getUint16(entry, isLittle) === ORIENTATION_TAG;
    const isShort = tiff.getUint16(entry + 2, isLittle) === SHORT;
    // What says two is heeded by no editor.
    if (isIt && isShort && tiff.getUint32(entry + 4, isLittle) === 1)
      return orientationFrom(tiff.getUint16(entry + 8, isLittle));
  }
  return 1;
}

function orientationFrom(value: number): Orientation {
  return value >= 1 && value <= 8 ? (value as Orientation) : 1;
}

/** Exif data with this orientation and nothing else: 26 bytes. */
export function exifSaying(orientation: Orientation): Uint8Array {
  return Uint8Array.of(
    ...[0x4d, 0x4d, 0, TIFF_MAGIC, 0, 0, 0, 8],
    ...[0, 1],
    ...[ORIENTATION_TAG >> 8, ORIENTATION_TAG & 0xff, 0, SHORT, 0, 0, 0, 1, 0, orientation, 0, 0],
    ...[0, 0, 0, 0],
  );
}
