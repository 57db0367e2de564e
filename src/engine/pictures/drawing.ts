// Decodes a picture and makes the small things of it: placeholder and thumbnail. Only ever called in the picture worker.

import { inflateSync } from 'node:zlib';
import { defaultFormats, Jimp } from 'jimp';
import { rgbaToThumbHash } from 'thumbhash';
import { MAX_PICTURE_PIXELS, THUMBNAIL_SIDE } from '../../contract/transfer.ts';
import { jpegEighth } from './jpegEighth.ts';
import { MAX_MEMORY_MIB, MAX_THUMBNAIL_BYTES } from './params.ts';
import type { Thumbnail } from './pictureDescription.ts';
import type { PictureHeader } from './pictureHeader.ts';
import { type Bitmap, orientationOf, uprightBitmap, uprightSize } from './upright.ts';

export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly placeholder: string;
  readonly thumbnail: Thumbnail;
}

type Image = InstanceType<typeof Jimp>;
type Decode = (bytes: Buffer, limits?: object) => Bitmap | Promise<Bitmap>;

const DECODERS = new Map(
  defaultFormats.map((formatOf) => formatOf()).map(({ mime, decode }) => [mime as string, decode as Decode]),
);

/** ThumbHash takes at most 100 pixels a side. */
const PLACEHOLDER_SIDE = 100;
/** Tried one after the other until the thumbnail is small enough; then the side is halved. */
const JPEG_QUALITIES = [80, 60, 40, 25];

/** Bytes of memory that decoding a pixel takes at the peak, by reading the decoders; a type that is not here is not decoded. */
const DECODING_COST: Readonly<Record<string, number>> = {
  // 16-bit channels as inflated, once more while joined, and the result.
  'image/png': 20,
  // Limits itself; see DECODER_LIMITS.
  'image/jpeg': 4,
  'image/gif': 5,
  'image/bmp': 4,
};
const DECODER_LIMITS: Readonly<Record<string, object>> = {
  // It counts half of what it takes: 24 megapixels in full colour took 1.1 GiB.
  'image/jpeg': { maxResolutionInMP: MAX_PICTURE_PIXELS / 1e6, maxMemoryUsageInMB: MAX_MEMORY_MIB / 2 },
};

/** Undefined where the header says that decoding would take too much; rejects when the picture is broken. */
export async function drawingOf(bytes: Buffer, header: PictureHeader): Promise<Drawing | undefined> {
  if (!isDecodable(header) || !inflatesAsExpected(bytes, header)) return undefined;
  const eighth = isMuchLarger(header) ? jpegEighth(bytes) : undefined;
  const image = eighth === undefined ? await decoded(bytes, header) : (new Jimp(eighth) as Image);
  const orientation = orientationOf(bytes, header.mediaType);
  const { width, height } = uprightSize((eighth && header.size) ?? image.bitmap, orientation);
  shrink(image, THUMBNAIL_SIDE);
  image.bitmap = uprightBitmap(image.bitmap, orientation);
  const thumbnail = await thumbnailOf(image);
  shrink(image, PLACEHOLDER_SIDE);
  return { width, height, placeholder: placeholderOf(image), thumbnail };
}

/**
 * As stored. By its format's own decoder: Jimp turns a picture while it is large, unless its Exif data is broken somewhere else, and
 * takes an animated PNG for a kind that it does not know.
 */
async function decoded(bytes: Buffer, { mediaType }: PictureHeader): Promise<Image> {
  const decode = DECODERS.get(mediaType);
  if (decode === undefined) throw new RangeError(`no decoder for ${mediaType}`);
  return new Jimp(await decode(bytes, DECODER_LIMITS[mediaType])) as Image;
}

/** At an eighth it is as large as its thumbnail, and need not be decoded as a whole. */
function isMuchLarger({ mediaType, size }: PictureHeader): boolean {
  return (
    mediaType === 'image/jpeg' &&
    size !== undefined &&
    Math.max(size.width, size.height) >= 8 * THUMBNAIL_SIDE
  );
}

function isDecodable({ mediaType, size }: PictureHeader): boolean {
  const cost = DECODING_COST[mediaType];
  if (cost === undefined || size === undefined) return false;
  const pixels = size.width * size.height;
  return pixels <= MAX_PICTURE_PIXELS && pixels * cost <= MAX_MEMORY_MIB * 1024 * 1024;
}

const PNG_SIGNATURE_BYTES = 8;
const PNG_INTERLACE_OFFSET = 28;
/** Eight bytes a pixel, and a filter byte for each row of each of the seven passes. */
const PNG_PIXEL_BYTES = 8;
const PNG_PASSES = 7;

/** The decoder bounds what a PNG inflates to unless it is interlaced; those are inflated here first, with a bound. */
function inflatesAsExpected(bytes: Buffer, { mediaType, size }: PictureHeader): boolean {
  if (mediaType !== 'image/png' || size === undefined || bytes[PNG_INTERLACE_OFFSET] === 0) return true;
  const rows = PNG_PASSES * (size.height + 1);
  try {
    const maxOutputLength = size.width * size.height * PNG_PIXEL_BYTES + rows * (1 + PNG_PIXEL_BYTES);
    inflateSync(Buffer.concat(imageDataOf(bytes)), { maxOutputLength });
    return true;
  } catch {
    return false;
  }
}

/** The contents of the IDAT chunks. */
function imageDataOf(png: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  for (let at = PNG_SIGNATURE_BYTES; at + 8 <= png.length; ) {
    const length = png.readUInt32BE(at);
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(png.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  return parts;
}

function shrink(image: Image, side: number): void {
  const { width, height } = image.bitmap;
  const scale = side / Math.max(width, height);
  if (scale >= 1) return;
  image.resize({ w: Math.max(1, Math.round(width * scale)), h: Math.max(1, Math.round(height * scale)) });
}

async function thumbnailOf(image: Image): Promise<Thumbnail> {
  const png = isTransparent(image) ? await image.getBuffer('image/png') : undefined;
  if (png !== undefined && png.length <= MAX_THUMBNAIL_BYTES) return { mediaType: 'image/png', bytes: png };
  const opaque = onWhite(image);
  for (let side = THUMBNAIL_SIDE; ; side /= 2) {
    shrink(opaque, side);
    for (const quality of JPEG_QUALITIES) {
      const bytes = await opaque.getBuffer('image/jpeg', { quality });
      if (bytes.length <= MAX_THUMBNAIL_BYTES) return { mediaType: 'image/jpeg', bytes };
    }
  }
}

function isTransparent({ bitmap }: Image): boolean {
  for (let at = 3; at < bitmap.data.length; at += 4) if ((bitmap.data[at] as number) < 255) return true;
  return false;
}

/** JPEG knows no transparency: a copy of the picture as it looks on white paper. */
function onWhite(image: Image): Image {
  const copy = image.clone() as Image;
  const { data } = copy.bitmap;
  for (let at = 0; at < data.length; at += 4) {
    const alpha = data[at + 3] as number;
    for (let i = at; i < at + 3; i++) data[i] = Math.round(((data[i] as number) * alpha) / 255 + 255 - alpha);
    data[at + 3] = 255;
  }
  return copy;
}

function placeholderOf({ bitmap }: Image): string {
  return Buffer.from(rgbaToThumbHash(bitmap.width, bitmap.height, bitmap.data)).toString('base64');
}
