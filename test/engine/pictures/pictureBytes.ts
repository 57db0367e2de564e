// Picture files put together by hand, part by part, with whatever a camera, a phone or an editor leaves in them.

import { crc32, deflateSync } from 'node:zlib';

export const SECRET = 'GPS 35.7N 51.4E';
const text = (words: string) => Buffer.from(words, 'latin1');

/** Exif data, little-endian: the orientation, and a pointer to a GPS directory with a text in it. */
export function exif(orientation: number): Buffer {
  const entry = (tag: number, type: number, count: number, value: number) => {
    const bytes = Buffer.alloc(12);
    bytes.writeUInt16LE(tag, 0);
    bytes.writeUInt16LE(type, 2);
    bytes.writeUInt32LE(count, 4);
    bytes.writeUInt32LE(value, 8);
    return bytes;
  };
  return Buffer.concat([
    Buffer.from('49492a0008000000', 'hex'),
    ...[Buffer.from([2, 0]), entry(0x0112, 3, 1, orientation), entry(0x8825, 4, 1, 38), Buffer.alloc(4)],
    ...[Buffer.from([1, 0]), entry(0x001d, 2, SECRET.length, 56), Buffer.alloc(4), text(SECRET)],
  ]);
}

export function jpegSegment(marker: number, ...body: (string | Uint8Array)[]): Buffer {
  const bytes = Buffer.concat(body.map((part) => (typeof part === 'string' ? text(part) : part)));
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(bytes.length + 2, 2);
  return Buffer.concat([head, bytes]);
}

/** `segments` right behind the start of a JPEG, and `behind` its end. */
export function jpegWith(jpeg: Uint8Array, segments: readonly Buffer[], behind = Buffer.alloc(0)): Buffer {
  return Buffer.concat([jpeg.subarray(0, 2), ...segments, jpeg.subarray(2), behind]);
}

export function pngChunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([text(type), data]);
  const chunk = Buffer.alloc(body.length + 8);
  chunk.writeUInt32BE(data.length);
  body.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(body), body.length + 4);
  return chunk;
}

const PNG_SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');

/** A grey pixel, with `chunks` between its header and its data. */
export function pngWith(chunks: readonly Buffer[], behind = Buffer.alloc(0)): Buffer {
  const header = Buffer.from('00000001000000010800000000', 'hex');
  const data = deflateSync(Buffer.from([0, 128]));
  return Buffer.concat([
    ...[PNG_SIGNATURE, pngChunk('IHDR', header), ...chunks],
    ...[pngChunk('IDAT', data), pngChunk('IEND', Buffer.alloc(0)), behind],
  ]);
}

/** A black pixel, with `blocks` in front of it. */
export function gifWith(blocks: readonly Buffer[], behind = Buffer.alloc(0)): Buffer {
  const screen = Buffer.from('474946383961010001008000000000' + '00ffffff', 'hex');
  const image = Buffer.from('2c000000000100010000' + '0202440100', 'hex');
  return Buffer.concat([screen, ...blocks, image, Buffer.from([0x3b]), behind]);
}

/** An extension with one sub-block for each of `data`, the first of an application its name. */
export function gifExtension(label: number, ...data: (string | Uint8Array)[]): Buffer {
  const blocks = data.map((part) => Buffer.concat([Buffer.from([part.length]), Buffer.from(part)]));
  return Buffer.concat([Buffer.from([0x21, label]), ...blocks, Buffer.from([0])]);
}

export function webpChunk(type: string, data: Uint8Array): Buffer {
  const head = Buffer.concat([text(type), Buffer.alloc(4)]);
  head.writeUInt32LE(data.length, 4);
  return Buffer.concat([head, data, Buffer.alloc(data.length % 2)]);
}

export function webpOf(chunks: readonly Buffer[], behind = Buffer.alloc(0)): Buffer {
  const body = Buffer.concat([text('WEBP'), ...chunks]);
  const head = Buffer.concat([text('RIFF'), Buffer.alloc(4)]);
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body, behind]);
}

/** The extended header of a picture of 300 × 200. */
export function webpHeader(flags: number): Buffer {
  return webpChunk('VP8X', Buffer.from([flags, 0, 0, 0, 0x2b, 1, 0, 0xc7, 0, 0]));
}

/** Of ISO/IEC 14496-12, 4.2: what AVIF and HEIC are made of. */
export function box(type: string, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), ...parts]);
  return Buffer.concat([uint32(body.length + 4), body]);
}

/** With a length of 64 bits. */
export function longBox(type: string, bytes: number): Buffer {
  const head = [uint32(1), Buffer.from(type, 'latin1'), uint32(0), uint32(16 + bytes)];
  return Buffer.concat([...head, Buffer.alloc(bytes)]);
}

/** How large a picture is. */
export function sizeBox(width: number, height: number): Buffer {
  return box('ispe', Buffer.alloc(4), uint32(width), uint32(height));
}

export function propertiesBox(...properties: Buffer[]): Buffer {
  const list = box('iprp', box('ipco', ...properties));
  return box('meta', Buffer.alloc(4), box('hdlr', Buffer.alloc(20)), list);
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
