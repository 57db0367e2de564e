// How large an AVIF is: of a picture by its properties, of an animation by its tracks, and of what hides either not at all.

import assert from 'node:assert/strict';
import { pictureHeaderOf } from '../../../src/engine/pictures/pictureHeader.ts';
import { box, longBox, propertiesBox, sizeBox, uint32 } from './pictureBytes.ts';

const SMALL = sizeBox(1, 1);
const avif = (...properties: Buffer[]) =>
  Buffer.concat([
    box('ftyp', Buffer.from('avif\0\0\0\0avifmif1', 'latin1')),
    propertiesBox(...properties),
    box('mdat', Buffer.alloc(9)),
  ]);

/** Sides in 16.16 behind what the version says of times, the layer and the matrix. */
function track(width: number, height: number, version = 0): Buffer {
  const before = Buffer.alloc(version === 1 ? 88 : 76);
  before[0] = version;
  return box('trak', box('tkhd', before, uint32(width * 2 ** 16), uint32(height * 2 ** 16)));
}
const animated = (brands: string, ...boxes: Buffer[]) =>
  Buffer.concat([box('ftyp', Buffer.from(brands, 'latin1')), propertiesBox(SMALL), ...boxes]);
const AVIS = 'avis\0\0\0\0avifavismsf1';

const sizeOf = (bytes: Buffer) => pictureHeaderOf(bytes)?.size;

describe('the size of an AVIF', () => {
  it('of a picture in tiles is that of the whole, turned as it is shown', () => {
    const tiled = avif(sizeBox(512, 512), box('av1C', Buffer.alloc(4)), sizeBox(1920, 1080));
    assert.deepEqual(sizeOf(tiled), { width: 1920, height: 1080 });
    const turned = avif(sizeBox(1920, 1080), box('irot', Buffer.from([1])));
    assert.deepEqual(sizeOf(turned), { width: 1080, height: 1920 });
    assert.equal(sizeOf(avif()), undefined);
    assert.equal(pictureHeaderOf(tiled.subarray(0, 90))?.mediaType, 'image/avif');
  });

  it('is that of its largest track where it is an animation', () => {
    for (const version of [0, 1]) {
      const moov = box('moov', box('mvhd', Buffer.alloc(100)), track(640, 480, version), track(16, 16));
      assert.deepEqual(sizeOf(animated(AVIS, moov)), { width: 640, height: 480 });
      assert.deepEqual(sizeOf(animated(AVIS, longBox('free', 9), moov)), { width: 640, height: 480 });
      assert.deepEqual(sizeOf(animated('avif\0\0\0\0avif', moov)), { width: 640, height: 480 });
    }
  });

  it('is not known of an animation whose tracks are not all seen', () => {
    const moov = box('moov', track(2, 2), track(60_000, 60_000));
    const files = {
      'without any': animated(AVIS),
      'by its second brand': animated('avif\0\0\0\0avifavis'),
      'cut short': animated(AVIS, moov).subarray(0, -100),
      'behind a broken box': animated(AVIS, box('moov', track(2, 2), uint32(4), track(60_000, 60_000))),
    };
    for (const [name, file] of Object.entries(files)) assert.equal(sizeOf(file), undefined, name);
  });

  it('heeds a property behind a box with a long length, and is not known behind a broken one', () => {
    const large = sizeBox(60_000, 60_000);
    assert.deepEqual(sizeOf(avif(SMALL, longBox('free', 4), large)), { width: 60_000, height: 60_000 });
    assert.equal(sizeOf(avif(SMALL, uint32(3), large)), undefined);
  });

  it('is known where a long picture follows that is cut short, or says no length', () => {
    const start = avif(sizeBox(3, 2));
    assert.deepEqual(sizeOf(Buffer.concat([start, uint32(0), Buffer.from('mdat')])), { width: 3, height: 2 });
    const long = Buffer.concat([start, uint32(1_000_000), Buffer.from('mdat')]);
    assert.deepEqual(sizeOf(long), { width: 3, height: 2 });
  });
});
