// A PNG of noise: nothing in it can be compressed, so its size is known and every byte has to travel.

import { randomFillSync } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const BYTES_PER_PIXEL = 3;

/** A valid PNG of about `sizeBytes`. */
export function noisePicture(sizeBytes: number): Buffer {
  const side = Math.floor(Math.sqrt(sizeBytes / BYTES_PER_PIXEL));
  const stride = 1 + side * BYTES_PER_PIXEL;
  const rows = randomFillSync(Buffer.alloc(stride * side));
  // The filter of each row: none.
  for (let y = 0; y < side; y++) rows[y * stride] = 0;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  // 8 bits a channel, RGB, deflate, no interlace.
  header.set([8, 2, 0, 0, 0], 8);
  const parts = [
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: 0 })),
    chunk('IEND', Buffer.alloc(0)),
  ];
  return Buffer.concat([SIGNATURE, ...parts]);
}

function chunk(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(typed.length + 8);
  framed.writeUInt32BE(data.length, 0);
  framed.set(typed, 4);
  framed.writeUInt32BE(crc32(typed), typed.length + 4);
  return framed;
}
