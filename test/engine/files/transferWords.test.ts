// What is made of another engine's words about a file, before anybody has said yes to it.

import assert from 'node:assert/strict';
import { deflateSync } from 'node:zlib';
import { Jimp } from 'jimp';
import { thumbnailOf } from '../../../src/engine/files/transferWords.ts';
import { pngChunk, webpHeader, webpOf } from '../pictures/pictureBytes.ts';

/** One bit a pixel, all of them black: a thousandth of a byte for each once it is packed. */
function blackPng(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 1;
  const rows = Buffer.alloc((1 + Math.ceil(width / 8)) * height);
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    ...[pngChunk('IHDR', header), pngChunk('IDAT', deflateSync(rows)), pngChunk('IEND', Buffer.alloc(0))],
  ]);
}

const kindOf = (bytes: Buffer) => thumbnailOf(bytes.toString('base64'))?.mediaType;
const jpegOf = (width: number, height: number) =>
  new Jimp({ width, height, color: 0x336699ff }).getBuffer('image/jpeg');

describe('the thumbnail of an offer of theirs', () => {
  it('is a PNG or a JPEG of at most 320 pixels a side, by its own header', async () => {
    assert.deepEqual([kindOf(blackPng(320, 320)), kindOf(await jpegOf(320, 2))], ['image/png', 'image/jpeg']);
  });

  it('is dropped where a browser would make a hundred megapixels of a few bytes', () => {
    const bomb = blackPng(12_000, 12_000);
    assert.ok(bomb.length < 24 * 1024, `${bomb.length} bytes pass for a thumbnail`);
    assert.equal(kindOf(bomb), undefined);
  });

  it('is dropped where either side is longer', async () => {
    for (const [width, height] of [
      [321, 1],
      [1, 321],
    ] as const)
      assert.deepEqual(
        [kindOf(blackPng(width, height)), kindOf(await jpegOf(width, height))],
        [undefined, undefined],
      );
  });

  it('is dropped where it is anything else, or does not say how large it is', async () => {
    const gif = Buffer.from('R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAkQBADs=', 'base64');
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');
    const cut = (await jpegOf(9, 9)).subarray(0, 20);
    const others = [gif, svg, webpOf([webpHeader(0)]), cut, blackPng(9, 9).subarray(0, 16), Buffer.alloc(0)];
    assert.deepEqual(
      others.map(kindOf),
      others.map(() => undefined),
    );
  });

  it('may be missing', () => {
    assert.equal(thumbnailOf(undefined), undefined);
  });
});
