import assert from 'node:assert/strict';
import { pictureHeaderOf } from '../../../src/engine/pictures/pictureHeader.ts';
import { randomBytesOf } from '../../support/randomBytes.ts';
import { seededRandom } from '../../support/seededRandom.ts';

/** Hexadecimal with any spaces. */
function hex(...parts: string[]): Buffer {
  return Buffer.from(parts.join('').replaceAll(' ', ''), 'hex');
}

/** 300 x 200 (0x12c x 0xc8), each written by hand. */
const HEADERS: Record<string, [mediaType: string, bytes: Buffer]> = {
  PNG: ['image/png', hex('89504e470d0a1a0a', '0000000d 49484452', '0000012c 000000c8', '08 06 00 00 00')],
  'JPEG behind a large segment': [
    'image/jpeg',
    hex(
      'ffd8',
      'ffe1 0010',
      '00'.repeat(14),
      'ff ffc4 0004 0000',
      'ffc2 0011 08 00c8 012c 03',
      '00'.repeat(9),
    ),
  ],
  'GIF behind a palette and extensions': [
    'image/gif',
    hex(
      '474946383961',
      '2c01 c800 80 00 00',
      '000000ffffff',
      '21f9 04 00000000 00',
      '2c 0000 0000 2c01 c800 00',
    ),
  ],
  'GIF whose frame is larger than its screen': [
    'image/gif',
    hex('474946383761', '0a00 0a00 00 00 00', '2c 0000 0000 2c01 c800 00'),
  ],
  BMP: ['image/bmp', hex('424d 00000000 00000000 36000000', '28000000 2c010000 c8000000')],
  'BMP from the top': ['image/bmp', hex('424d 00000000 00000000 36000000', '28000000 2c010000 38ffffff')],
  'BMP with a core header': ['image/bmp', hex('424d 00000000 00000000 1a000000', '0c000000 2c01 c800')],
  'WebP, lossy': [
    'image/webp',
    hex('52494646 00000000 57454250 56503820 00000000', '000000 9d012a 2c01 c800'),
  ],
  // 14 bits of width - 1, 14 of height - 1: 0x12b | 0xc7 << 14.
  'WebP, lossless': ['image/webp', hex('52494646 00000000 57454250 5650384c 00000000', '2f 2bc13100')],
  'WebP, extended': [
    'image/webp',
    hex('52494646 00000000 57454250 56503858 0a000000', '00000000 2b0100 c70000'),
  ],
  'TIFF, little-endian': [
    'image/tiff',
    hex('49492a00 08000000', '0200', '0001 0300 01000000 2c010000', '0101 0400 01000000 c8000000'),
  ],
  'TIFF, big-endian': [
    'image/tiff',
    hex('4d4d002a 00000008', '0002', '0100 0003 00000001 012c0000', '0101 0004 00000001 000000c8'),
  ],
};

describe('pictureHeaderOf', () => {
  for (const [name, [mediaType, bytes]] of Object.entries(HEADERS)) {
    it(`knows type and size of ${name}`, () => {
      assert.deepEqual(pictureHeaderOf(bytes), { mediaType, size: { width: 300, height: 200 } });
    });

    it(`knows the type at most when ${name} is cut short`, () => {
      for (let length = 0; length < bytes.length; length++) {
        const header = pictureHeaderOf(bytes.subarray(0, length));
        assert.ok(header === undefined || header.mediaType === mediaType);
      }
      assert.equal(pictureHeaderOf(bytes.subarray(0, 15))?.size, undefined);
    });
  }

  it('knows AVIF by its type alone', () => {
    const bytes = hex('00000020', '66747970 61766966', '00000000');
    assert.deepEqual(pictureHeaderOf(bytes), { mediaType: 'image/avif' });
  });

  it('knows HEIC, however it calls itself, and no film', () => {
    const kinds = ['heic', 'heix', 'mif1', 'isom', 'mp42'].map(
      (brand) => pictureHeaderOf(Buffer.from(`\0\0\0\x18ftyp${brand}\0\0\0\0`, 'latin1'))?.mediaType,
    );
    assert.deepEqual(kinds, ['image/heic', 'image/heic', 'image/heic', undefined, undefined]);
  });

  it('gives no size that is none', () => {
    const png = Buffer.from((HEADERS.PNG as [string, Buffer])[1]);
    png.writeUInt32BE(0, 16);
    assert.deepEqual(pictureHeaderOf(png), { mediaType: 'image/png' });
  });

  it('gives no size of a JPEG that hides its frame in what is no segment', () => {
    const hidden = `ffc0 0011 08 4e20 4e20 03${'00'.repeat(9)}`;
    const shown = `ffc0 0011 08 0064 0064 03${'00'.repeat(9)}`;
    for (const marker of ['00', '02', 'bf'])
      assert.deepEqual(pictureHeaderOf(hex('ffd8', `ff${marker} 0015`, hidden, shown)), {
        mediaType: 'image/jpeg',
      });
  });

  it('gives a GIF the room that its frame takes from where it stands', () => {
    const gif = hex('474946383961', '0a00 0a00 00 00 00', '2c 2c01 c800 6400 3200 00');
    assert.deepEqual(pictureHeaderOf(gif)?.size, { width: 400, height: 250 });
  });

  it('takes text, programs and nothing for no pictures', () => {
    for (const bytes of [
      '',
      'B',
      'BM, said he',
      'GIF',
      '<svg xmlns="http://www.w3.org/2000/svg"/>',
      '%PDF-1.7',
    ]) {
      assert.equal(pictureHeaderOf(Buffer.from(bytes)), undefined, bytes);
    }
  });

  it('answers whatever follows a true beginning', () => {
    const random = seededRandom(3);
    for (const [, bytes] of Object.values(HEADERS)) {
      for (let count = 0; count < 300; count++) {
        const kept = bytes.subarray(0, 2 + Math.floor(16 * random()));
        const header = pictureHeaderOf(Buffer.concat([kept, randomBytesOf(random, 200)]));
        const { width = 1, height = 1 } = header?.size ?? {};
        assert.ok(width > 0 && height > 0);
      }
    }
  });

  it('does not run long through a picture made to be walked', () => {
    const manyMarkers = Buffer.alloc(8_000_000, 0xff);
    manyMarkers[1] = 0xd8;
    assert.deepEqual(pictureHeaderOf(manyMarkers), { mediaType: 'image/jpeg' });
  });
});
