// What a picture says besides what it shows is gone, and every pixel is as it was.

import assert from 'node:assert/strict';
import { Jimp } from 'jimp';
import { losesMetadata } from '../../../src/contract/transfer.ts';
import { orientationIn } from '../../../src/engine/pictures/exifOrientation.ts';
import { jpegOrientation, jpegParts } from '../../../src/engine/pictures/jpegSegments.ts';
import { pictureHeaderOf } from '../../../src/engine/pictures/pictureHeader.ts';
import { stripMetadata } from '../../../src/engine/pictures/stripMetadata.ts';
import { randomBytesOf } from '../../support/randomBytes.ts';
import { seededRandom } from '../../support/seededRandom.ts';
import {
  exif,
  gifExtension,
  gifWith,
  jpegSegment,
  jpegWith,
  pngChunk,
  pngWith,
  SECRET,
  webpChunk,
  webpHeader,
  webpOf,
} from './pictureBytes.ts';

const NAME = 'Hamta test camera';
const bytesOf = (words: string) => Buffer.from(words, 'latin1');
const LOOP = gifExtension(0xff, 'NETSCAPE2.0', Buffer.from([1, 0, 0]));

function stripped(file: Uint8Array): Buffer {
  const bytes = stripMetadata(file);
  assert.ok(bytes !== undefined, 'it is a file that is known');
  assert.equal(Buffer.from(bytes).includes(SECRET), false);
  assert.equal(Buffer.from(bytes).includes(NAME), false);
  return Buffer.from(bytes);
}

async function jpeg(): Promise<Buffer> {
  const image = new Jimp({ width: 40, height: 30 });
  for (let at = 0; at < 40 * 30; at++) image.bitmap.data.writeUInt32BE((at * 0x01020300 + 255) >>> 0, 4 * at);
  return image.getBuffer('image/jpeg', { quality: 90 });
}

async function pixelsOf(file: Buffer) {
  const { width, height, data } = (await Jimp.fromBuffer(file)).bitmap;
  return { width, height, data };
}

const markersOf = (file: Buffer) => [...jpegParts(file)].map(({ marker }) => marker);

describe('a picture without its metadata', () => {
  describe('that is a JPEG', () => {
    let plain: Buffer;
    before(async () => {
      plain = await jpeg();
    });

    it('says neither where it was taken, nor with what, nor by whom', async () => {
      const file = jpegWith(
        plain,
        [
          jpegSegment(0xe1, 'Exif\0\0', exif(1)),
          jpegSegment(0xe1, 'http://ns.adobe.com/xap/1.0/\0', SECRET),
          jpegSegment(0xe2, 'MPF\0', SECRET),
          jpegSegment(0xed, 'Photoshop 3.0\0', NAME),
          jpegSegment(0xef, SECRET),
          jpegSegment(0xfe, NAME),
        ],
        Buffer.concat([plain, bytesOf(SECRET)]),
      );
      const bytes = stripped(file);
      assert.ok(bytes.equals(plain));
      assert.deepEqual(await pixelsOf(bytes), await pixelsOf(plain));
    });

    it('keeps what its colours depend on, to the byte', () => {
      const colours = [
        jpegSegment(0xe2, 'ICC_PROFILE\0', Buffer.from([1, 1]), randomBytesOf(seededRandom(1), 300)),
        jpegSegment(0xee, 'Adobe', Buffer.from([0, 100, 0, 0, 0, 0, 1])),
      ];
      const file = jpegWith(plain, [...colours, jpegSegment(0xfe, SECRET)]);
      assert.ok(stripped(file).equals(jpegWith(plain, colours)));
    });

    for (const orientation of [2, 3, 6, 8]) {
      it(`keeps orientation ${orientation}, and nothing else of its Exif data`, async () => {
        const file = jpegWith(plain, [jpegSegment(0xe1, 'Exif\0\0', exif(orientation))]);
        const bytes = stripped(file);
        assert.equal(jpegOrientation(bytes), orientation);
        assert.equal(bytes.length, plain.length + 36);
        assert.deepEqual(await pixelsOf(bytes), await pixelsOf(file));
        assert.equal(stripMetadata(bytes), bytes, 'a second time there is nothing to take out');
      });
    }

    it('shows no preview of what it was before it was cut', () => {
      const preview = Buffer.from([0, 0, 1, 1, 9, 9, 9]);
      const jfif = jpegSegment(0xe0, 'JFIF\0', Buffer.from([1, 2, 0, 0, 1, 0, 1, 1, 1]), preview.subarray(4));
      const extension = jpegSegment(0xe0, 'JFXX\0', SECRET);
      const start = plain.subarray(0, 2);
      // What the encoder has written first is its own JFIF segment.
      const rest = plain.subarray(4 + plain.readUInt16BE(4));
      const bytes = stripped(Buffer.concat([start, jfif, extension, rest]));
      const clean = jpegSegment(0xe0, 'JFIF\0', Buffer.from([1, 2, 0, 0, 1, 0, 1, 0, 0]));
      assert.ok(bytes.equals(Buffer.concat([start, clean, rest])));
    });

    it('is taken apart although bytes fill the gaps between its segments', () => {
      const fill = Buffer.from([0xff, 0xff, 0xff]);
      const file = jpegWith(plain, [fill, jpegSegment(0xfe, SECRET), fill]);
      assert.ok(stripped(file).equals(plain));
    });

    it('keeps restarts and stuffed bytes, in as many scans as there are', () => {
      const scan = (...data: number[]) => [jpegSegment(0xda, Buffer.alloc(6)), Buffer.from(data)];
      const file = Buffer.concat([
        ...[Buffer.from([0xff, 0xd8]), jpegSegment(0xc2, Buffer.alloc(9))],
        ...[...scan(1, 0xff, 0, 0xff, 0xd0, 2), jpegSegment(0xfe, SECRET), ...scan(3, 0xff, 0xd7, 4)],
        Buffer.from([0xff, 0xd9]),
      ]);
      const bytes = stripped(file);
      assert.deepEqual(markersOf(bytes), [0xc2, 0xda, 0, 0xda, 0, 0xd9]);
      assert.equal(bytes.length, file.length - 4 - SECRET.length);
    });
  });

  describe('that is a PNG', () => {
    it('says nothing in texts, times, Exif data, private chunks and behind its end', () => {
      const file = pngWith(
        [
          pngChunk('tEXt', bytesOf(`Author\0${NAME}`)),
          pngChunk('zTXt', bytesOf(SECRET)),
          pngChunk('iTXt', bytesOf(SECRET)),
          pngChunk('eXIf', exif(1)),
          pngChunk('tIME', Buffer.alloc(7)),
          pngChunk('caBX', bytesOf(NAME)),
        ],
        bytesOf(SECRET),
      );
      assert.ok(stripped(file).equals(pngWith([])));
    });

    it('keeps what its looks depend on, to the byte', () => {
      const looks = ['gAMA', 'cHRM', 'sRGB', 'iCCP', 'pHYs', 'tRNS', 'bKGD', 'acTL', 'fcTL'].map((type) =>
        pngChunk(type, Buffer.alloc(8)),
      );
      assert.ok(stripped(pngWith([...looks, pngChunk('tEXt', bytesOf(SECRET))])).equals(pngWith(looks)));
    });

    it('keeps which way up it is', () => {
      const bytes = stripped(pngWith([pngChunk('eXIf', exif(6))]));
      const at = bytes.indexOf('eXIf');
      assert.equal(orientationIn(bytes.subarray(at + 4)), 6);
      const chunk = bytes.subarray(at - 4, at + 4 + 26 + 4);
      assert.ok(chunk.equals(pngChunk('eXIf', bytes.subarray(at + 4, at + 30))), 'its check sum is right');
    });

    it('is not turned by what stands behind its data, which no editor heeds', () => {
      const late = [pngChunk('IDAT', Buffer.alloc(1)), pngChunk('eXIf', exif(6))];
      assert.equal(stripped(pngWith(late)).includes('eXIf'), false);
    });

    it('is left alone when it cannot be read without a chunk that is not known', () => {
      assert.equal(stripMetadata(pngWith([pngChunk('CgBI', Buffer.alloc(4))])), undefined);
    });
  });

  describe('that is a GIF', () => {
    it('keeps its timing and its loop, and says nothing', async () => {
      const control = gifExtension(0xf9, Buffer.from([0, 5, 0, 0]));
      const xmp = gifExtension(0xff, 'XMP DataXMP', SECRET);
      const file = gifWith([LOOP, gifExtension(0xfe, NAME), xmp, control], bytesOf(SECRET));
      const bytes = stripped(file);
      assert.ok(bytes.equals(gifWith([LOOP, control])));
      assert.deepEqual(await pixelsOf(bytes), await pixelsOf(file));
    });

    it('keeps no loop that says more than how often', () => {
      const talks = gifExtension(0xff, 'NETSCAPE2.0', Buffer.from([1, 0, 0]), SECRET);
      assert.ok(stripped(gifWith([talks])).equals(gifWith([])));
    });

    it('gets the end that it lacks, and is left alone when it draws text', () => {
      const whole = gifWith([]);
      assert.ok(stripped(whole.subarray(0, -1)).equals(whole));
      assert.equal(stripMetadata(gifWith([gifExtension(0x01, Buffer.alloc(12), 'text')])), undefined);
    });
  });

  describe('that is a WebP', () => {
    const picture = webpChunk('VP8L', Buffer.from([0x2f, 1, 2, 3, 4]));

    it('says nothing, and its header promises nothing', () => {
      const chunks = [
        ...[webpHeader(0x2c), webpChunk('ICCP', Buffer.alloc(7)), picture],
        ...[webpChunk('EXIF', exif(1)), webpChunk('XMP ', bytesOf(SECRET)), webpChunk('note', bytesOf(NAME))],
      ];
      const clean = webpOf([webpHeader(0x20), webpChunk('ICCP', Buffer.alloc(7)), picture]);
      assert.ok(stripped(webpOf(chunks, bytesOf(SECRET))).equals(clean));
    });

    it('keeps which way up it is', () => {
      for (const prefix of ['', 'Exif\0\0']) {
        const data = Buffer.concat([bytesOf(prefix), exif(3)]);
        const bytes = stripped(webpOf([webpHeader(0x08), picture, webpChunk('EXIF', data)]));
        assert.equal(bytes[20], 0x08);
        assert.equal(orientationIn(bytes.subarray(bytes.indexOf('EXIF') + 8)), 3);
        assert.equal(bytes.readUInt32LE(4), bytes.length - 8);
      }
    });

    it('hides nothing in the frames of an animation', () => {
      const frame = (...chunks: Buffer[]) =>
        webpChunk('ANMF', Buffer.concat([Buffer.alloc(16, 1), ...chunks]));
      const animation = (...chunks: Buffer[]) =>
        webpOf([webpHeader(0x02), webpChunk('ANIM', Buffer.alloc(6)), frame(...chunks), frame(picture)]);
      assert.ok(stripped(animation(picture, webpChunk('note', bytesOf(SECRET)))).equals(animation(picture)));
    });
  });

  it('is the very same where there is nothing to take out', () => {
    for (const file of [pngWith([]), gifWith([LOOP]), webpOf([webpChunk('VP8 ', Buffer.alloc(30))])])
      assert.equal(stripMetadata(file), file);
  });

  it('is not claimed for what is not taken apart here, nor for what is broken', async () => {
    const whole = jpegWith(await jpeg(), [jpegSegment(0xe1, 'Exif\0\0', exif(6))]);
    const files = {
      bmp: Buffer.concat([bytesOf('BM'), Buffer.alloc(60)]),
      tiff: exif(6),
      avif: Buffer.concat([Buffer.from([0, 0, 0, 20]), bytesOf('ftypavif'), Buffer.alloc(8)]),
      heic: Buffer.concat([Buffer.from([0, 0, 0, 20]), bytesOf('ftypheic'), Buffer.alloc(8)]),
      svg: bytesOf('<svg xmlns="http://www.w3.org/2000/svg"/>'),
      nothing: Buffer.alloc(0),
      'half a JPEG': whole.subarray(0, 60),
      'half a PNG': pngWith([]).subarray(0, -6),
      'half a WebP': webpOf([webpHeader(0)]).subarray(0, -2),
    };
    for (const [kind, file] of Object.entries(files)) assert.equal(stripMetadata(file), undefined, kind);
  });

  it('costs a bounded list, however many empty parts there are', () => {
    const empty = (part: Buffer) => Array<Buffer>(70_000).fill(part);
    assert.equal(stripMetadata(pngWith(empty(pngChunk('tEXt', Buffer.alloc(0))))), undefined);
    assert.equal(stripMetadata(gifWith(empty(gifExtension(0xfe)))), undefined);
  });

  it('is promised for those kinds alone that are taken apart', async () => {
    const box = (brand: string) => Buffer.from(`\0\0\0\x18ftyp${brand}\0\0\0\0`, 'latin1');
    const image = new Jimp({ width: 2, height: 2 });
    const drawable = ['image/jpeg', 'image/png', 'image/gif', 'image/bmp', 'image/tiff'] as const;
    const files = [
      ...(await Promise.all(drawable.map((kind) => image.getBuffer(kind)))),
      webpOf([webpHeader(0), webpChunk('VP8L', Buffer.alloc(9))]),
      ...['avif', 'heic'].map(box),
    ];
    const kinds = files.map((file) => pictureHeaderOf(file)?.mediaType ?? '');
    assert.deepEqual(kinds, [...drawable, 'image/webp', 'image/avif', 'image/heic']);
    for (const [index, mediaType] of kinds.entries()) {
      const file = files[index] ?? Buffer.alloc(0);
      const isPromised = losesMetadata({ mediaType, sizeBytes: file.length });
      assert.equal(stripMetadata(file) !== undefined, isPromised, mediaType);
    }
  });

  it('is given or refused, whatever the bytes are, and never holds a part that was to go', async () => {
    const random = seededRandom(7);
    const samples = [
      jpegWith(await jpeg(), [jpegSegment(0xe1, 'Exif\0\0', exif(6)), jpegSegment(0xfe, NAME)]),
      pngWith([pngChunk('tEXt', bytesOf(NAME)), pngChunk('eXIf', exif(8))]),
      gifWith([LOOP, gifExtension(0xfe, NAME)]),
      webpOf([webpHeader(0x0c), webpChunk('VP8L', Buffer.alloc(9)), webpChunk('EXIF', exif(5))]),
    ];
    let known = 0;
    for (let i = 0; i < 20_000; i++) {
      const sample = Buffer.from(samples[i % samples.length] as Buffer);
      const cut = random() < 0.3 ? Math.floor(random() * sample.length) : sample.length;
      for (let changes = Math.floor(random() * 4); changes > 0; changes--)
        sample[Math.floor(random() * sample.length)] = Math.floor(random() * 256);
      const file = sample.subarray(0, cut);
      const bytes = stripMetadata(file);
      if (bytes === undefined) continue;
      known++;
      assert.ok(bytes.length <= file.length + 1, `${i}`);
      assert.equal(stripMetadata(bytes), bytes, `${i}: what is left is clean`);
    }
    assert.ok(known > 2_000, `${known} of them were taken apart`);
  });
});
