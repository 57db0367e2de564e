// How much of a picture's own claims is believed before anything is decoded.

import assert from 'node:assert/strict';
import { crc32 } from 'node:zlib';
import { Jimp } from 'jimp';
import { type Drawing, drawingOf } from '../../../src/engine/pictures/drawing.ts';
import { pictureHeaderOf } from '../../../src/engine/pictures/pictureHeader.ts';

/** 100 megapixels, and a little more. */
const MOST = [10_000, 10_000] as const;
const TOO_MANY = [10_001, 10_000] as const;

const pictureAs = (mediaType: 'image/png' | 'image/jpeg' | 'image/bmp') =>
  new Jimp({ width: 60, height: 40, color: 0xff0000ff }).getBuffer(mediaType);

/** Without its last bytes, so that whoever begins to decode it fails soon. */
function gifOf(width: number, height: number): Buffer {
  const gif = Buffer.from('R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAkQBADs=', 'base64').subarray(0, -4);
  gif.writeUInt16LE(width, 6);
  gif.writeUInt16LE(height, 8);
  return gif;
}

async function bmpOf(width: number, height: number): Promise<Buffer> {
  const bmp = await pictureAs('image/bmp');
  bmp.writeInt32LE(width, 18);
  bmp.writeInt32LE(height, 22);
  return bmp;
}

async function jpegOf(width: number, height: number): Promise<Buffer> {
  const jpeg = await pictureAs('image/jpeg');
  const frame = jpeg.indexOf(Buffer.from([0xff, 0xc0]));
  jpeg.writeUInt16BE(height, frame + 5);
  jpeg.writeUInt16BE(width, frame + 7);
  return jpeg;
}

async function pngOf(width: number, height: number): Promise<Buffer> {
  const png = await pictureAs('image/png');
  png.writeUInt32BE(width, 16);
  png.writeUInt32BE(height, 20);
  png.writeUInt32BE(crc32(png.subarray(12, 29)), 29);
  return png;
}

/** Undefined where nobody began. */
async function drawn(bytes: Buffer): Promise<Drawing | undefined> {
  const header = pictureHeaderOf(bytes);
  assert.ok(header?.size !== undefined);
  return drawingOf(bytes, header);
}

describe('a picture that is to be drawn', () => {
  it('is begun up to 100 megapixels where it is a GIF or BMP, and left alone beyond', async () => {
    for (const make of [gifOf, bmpOf]) {
      await assert.rejects(async () => drawn(await make(...MOST)), make.name);
      assert.equal(await drawn(await make(...TOO_MANY)), undefined, make.name);
    }
  });

  it('is left alone where it is a PNG that would take more than 512 MiB', async () => {
    const pixelsIn512Mib = Math.floor((512 * 2 ** 20) / 20);
    assert.equal(await drawn(await pngOf(5, Math.floor(pixelsIn512Mib / 5) + 1)), undefined);
  });

  it('costs little memory where it is a JPEG that claims much', async () => {
    const before = process.resourceUsage().maxRSS;
    await assert.rejects(async () => drawn(await jpegOf(...MOST)));
    const mib = (process.resourceUsage().maxRSS - before) / 1024;
    assert.ok(mib < 200, `${mib} MiB`);
  });

  it('has its own size, and a thumbnail of all of it, where a JPEG is much larger than that', async () => {
    const wide = new Jimp({ width: 2_600, height: 24, color: 0xff0000ff });
    for (let at = 0; at < 2_600 * 24; at++)
      if (at % 2_600 >= 1_300) wide.bitmap.data.writeUInt32BE(0x0000ffff, 4 * at);
    const { width, height, thumbnail } = (await drawn(await wide.getBuffer('image/jpeg'))) ?? {};
    assert.deepEqual([width, height], [2_600, 24]);
    const { bitmap } = await Jimp.fromBuffer(Buffer.from(thumbnail?.bytes ?? []));
    assert.deepEqual([bitmap.width, bitmap.height], [320, 3]);
    const colourAt = (x: number) =>
      [...bitmap.data.subarray(4 * x, 4 * x + 3)].map((one) => Math.round(one / 64));
    assert.deepEqual(
      [colourAt(10), colourAt(300)],
      [
        [4, 0, 0],
        [0, 0, 4],
      ],
    );
  });

  it('is left alone where it is a JPEG of more than 100 megapixels', async () => {
    assert.equal(await drawn(await jpegOf(...TOO_MANY)), undefined);
  });
});
