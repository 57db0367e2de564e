// The eight ways in which a picture can lie in its file.

import assert from 'node:assert/strict';
import type { Orientation } from '../../../src/engine/pictures/exifOrientation.ts';
import { orientationOf, uprightBitmap } from '../../../src/engine/pictures/upright.ts';
import { exif, pngChunk, pngWith, webpChunk, webpHeader, webpOf } from './pictureBytes.ts';

/** Each row a word, each pixel a letter, four times. */
const bitmapOf = (...rows: string[]) => ({
  width: rows[0]?.length ?? 0,
  height: rows.length,
  data: Buffer.from([...rows.join('')].map((letter) => letter.repeat(4)).join('')),
});

describe('a picture that is to be looked at', () => {
  /** What a file with this orientation holds where `ab` stands above `cd` above `ef`. */
  const STORED: Readonly<Record<Orientation, readonly string[]>> = {
    1: ['ab', 'cd', 'ef'],
    2: ['ba', 'dc', 'fe'],
    3: ['fe', 'dc', 'ba'],
    4: ['ef', 'cd', 'ab'],
    5: ['ace', 'bdf'],
    6: ['bdf', 'ace'],
    7: ['fdb', 'eca'],
    8: ['eca', 'fdb'],
  };

  for (const [orientation, stored] of Object.entries(STORED))
    it(`is upright where it is stored as ${orientation}`, () => {
      const upright = uprightBitmap(bitmapOf(...stored), Number(orientation) as Orientation);
      assert.deepEqual(upright, bitmapOf('ab', 'cd', 'ef'));
    });

  it('lies as a PNG says in front of its data', () => {
    assert.equal(orientationOf(pngWith([pngChunk('eXIf', exif(6))]), 'image/png'), 6);
    assert.equal(
      orientationOf(pngWith([pngChunk('tEXt', Buffer.from('a')), pngChunk('eXIf', exif(3))]), 'image/png'),
      3,
    );
    assert.equal(orientationOf(pngWith([]), 'image/png'), 1);
    assert.equal(
      orientationOf(pngWith([pngChunk('IDAT', Buffer.alloc(1)), pngChunk('eXIf', exif(6))]), 'image/png'),
      1,
    );
    assert.equal(orientationOf(pngWith([pngChunk('eXIf', exif(6))]).subarray(0, 50), 'image/png'), 1);
  });

  it('lies as it is stored where its Exif data names two orientations, as in the editor', () => {
    const two = exif(6);
    two.writeUInt32LE(2, 14);
    assert.equal(orientationOf(pngWith([pngChunk('eXIf', two)]), 'image/png'), 1);
  });

  it('lies as it is stored where it is a WebP: no editor heeds what that says', () => {
    assert.equal(orientationOf(webpOf([webpHeader(8), webpChunk('EXIF', exif(6))]), 'image/webp'), 1);
  });
});
