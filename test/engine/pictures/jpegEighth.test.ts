// Averages of blocks, against what a whole decoder makes of the same file, and against hostile bytes.

import assert from 'node:assert/strict';
import { Jimp } from 'jimp';
import { jpegEighth } from '../../../src/engine/pictures/jpegEighth.ts';
import type { Bitmap } from '../../../src/engine/pictures/upright.ts';
import { seededRandom } from '../../support/seededRandom.ts';

/** Red, green, blue and nearly white, each 16 pixels wide and high; of an encoder that is not ours. */
const FOUR_COLOURS: Readonly<Record<string, string>> = {
  'with halved colour, beginning anew after each unit':
    '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMUFRUVDA8XGBYUGBIUFRT/' +
    '2wBDAQMEBAUEBQkFBQkUDQsNFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBT/wAARCAAgACADASIAAhEBAxEB/8QA' +
    'FwABAQEBAAAAAAAAAAAAAAAAAAgEB//EABQQAQAAAAAAAAAAAAAAAAAAAAD/xAAXAQEBAQEAAAAAAAAAAAAAAAAIBQYH/8QAFBEBAAAAAAAAAAAAAAAAAAAA' +
    'AP/dAAQAAf/aAAwDAQACEQMRAD8A4kA5Ufr/0NAA7h+//9GWgDoYx//SvsBMUH//2Q==',
  'that comes in several scans':
    '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMUFRUVDA8XGBYUGBIUFRT/' +
    '2wBDAQMEBAUEBQkFBQkUDQsNFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBT/wgARCAAgACADASIAAhEBAxEB/8QA' +
    'FwABAQEBAAAAAAAAAAAAAAAAAAYHCP/EABcBAAMBAAAAAAAAAAAAAAAAAAYHCAX/2gAMAwEAAhADEAAAAYgCj+uxjRDlArhjdoBAkX//xAAUEAEAAAAAAAAA' +
    'AAAAAAAAAABA/9oACAEBAAEFAgf/xAAUEQEAAAAAAAAAAAAAAAAAAAAg/9oACAEDAQE/AR//xAAUEQEAAAAAAAAAAAAAAAAAAAAg/9oACAECAQE/AR//xAAU' +
    'EAEAAAAAAAAAAAAAAAAAAABA/9oACAEBAAY/Agf/xAAUEAEAAAAAAAAAAAAAAAAAAABA/9oACAEBAAE/IQf/2gAMAwEAAgADAAAAEPwPfv/EABQRAQAAAAAA' +
    'AAAAAAAAAAAAACD/2gAIAQMBAT8QH//EABQRAQAAAAAAAAAAAAAAAAAAACD/2gAIAQIBAT8QH//EABQQAQAAAAAAAAAAAAAAAAAAAED/2gAIAQEAAT8QB//Z',
  'with colour halved across':
    '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMUFRUVDA8XGBYUGBIUFRT/' +
    '2wBDAQMEBAUEBQkFBQkUDQsNFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBT/wAARCAAgACADASEAAhEBAxEB/8QA' +
    'FwABAQEBAAAAAAAAAAAAAAAAAAcJCP/EABQQAQAAAAAAAAAAAAAAAAAAAAD/xAAXAQADAQAAAAAAAAAAAAAAAAAHCAkG/8QAFBEBAAAAAAAAAAAAAAAAAAAA' +
    'AP/aAAwDAQACEQMRAD8AiQFR/V1GMRCQobNb1dRjEQnKQrgY1tAEEENi+H7DxtAEEEN//9k=',
  'of red, green and blue':
    '/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwADAgIDAgIDAwMDBAMDBAUIBQUEBAUKBwcGCAwKDAwLCgsLDQ4SEA0OEQ4LCxAWEBETFBUVFQwPFxgWFBgSFBUU/8AA' +
    'EQgAIAAgA1IRAEcRAEIRAP/EABcAAQEBAQAAAAAAAAAAAAAAAAAJBQj/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/9oADANSAEcAQgAAPwDvVPpPoBAVcVtAL9Id' +
    'MUBAVcVtANpG9eABftcVigICIdNoBftcVigP/9k=',
  'in grey':
    '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMUFRUVDA8XGBYUGBIUFRT/' +
    'wAALCAAgACABAREA/8QAFwABAQEBAAAAAAAAAAAAAAAAAAcJCP/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AiQuohQuo5SG0AxfG0A//2Q==',
};
const COLOURS = [
  [220, 30, 30],
  [30, 200, 40],
  [40, 50, 220],
  [230, 220, 210],
] as const;

const files = Object.values(FOUR_COLOURS).map((base64) => Buffer.from(base64, 'base64'));
const [inUnits = Buffer.alloc(0)] = files;

const pixelAt = ({ width, data }: Bitmap, x: number, y: number) => [
  ...data.subarray(4 * (y * width + x), 4 * (y * width + x) + 3),
];

function assertNear(found: readonly number[], expected: readonly number[], what: string): void {
  const isNear = found.every((value, i) => Math.abs(value - (expected[i] ?? 0)) <= 4);
  assert.ok(isNear, `${what}: ${found}, and not ${expected}`);
}

function averageOf({ width, data }: Bitmap, left: number, top: number): number[] {
  const sums = [0, 0, 0];
  for (let i = 0; i < 64; i++) {
    const at = 4 * ((top + (i >> 3)) * width + left + (i & 7));
    for (const channel of [0, 1, 2]) sums[channel] = (sums[channel] ?? 0) + (data[at + channel] as number);
  }
  return sums.map((sum) => sum / 64);
}

/** With every value of its start of frame that is named. */
function withFrame(file: Buffer, values: Readonly<Record<number, number>>): Buffer {
  const copy = Buffer.from(file);
  const frame = copy.indexOf(Buffer.from([0xff, 0xc0]));
  for (const [at, value] of Object.entries(values)) copy[frame + Number(at)] = value;
  return copy;
}

describe('a JPEG at an eighth of its size', () => {
  it('is of each block the average', async () => {
    const image = new Jimp({ width: 83, height: 61 });
    for (let at = 0; at < 83 * 61; at++) {
      const [x, y] = [at % 83, Math.floor(at / 83)];
      image.bitmap.data.set([3 * x, 4 * y, x + y, 255], 4 * at);
    }
    const file = await image.getBuffer('image/jpeg');
    const eighth = jpegEighth(file);
    assert.ok(eighth);
    assert.deepEqual([eighth.width, eighth.height], [11, 8]);
    const { bitmap: whole } = await Jimp.fromBuffer(file);
    for (let y = 0; y < 7; y++)
      for (let x = 0; x < 10; x++)
        assertNear(pixelAt(eighth, x, y), averageOf(whole, 8 * x, 8 * y), `${x}, ${y}`);
  });

  for (const [name, base64] of Object.entries(FOUR_COLOURS))
    it(`has its colours where it is one ${name}`, () => {
      const eighth = jpegEighth(Buffer.from(base64, 'base64'));
      assert.ok(eighth);
      assert.deepEqual([eighth.width, eighth.height], [4, 4]);
      for (const [i, [red, green, blue]] of COLOURS.entries()) {
        const grey = 0.299 * red + 0.587 * green + 0.114 * blue;
        const expected = name === 'in grey' ? [grey, grey, grey] : [red, green, blue];
        for (const at of [0, 1])
          assertNear(pixelAt(eighth, 2 * (i & 1) + at, 2 * (i >> 1) + at), expected, `${i}`);
      }
    });

  it('is left to others where it has four colours or twelve bits, or claims more than 100 megapixels', () => {
    const [precision, height, width, components] = [4, 5, 7, 9];
    assert.equal(jpegEighth(withFrame(inUnits, { [components]: 4 })), undefined);
    assert.equal(jpegEighth(withFrame(inUnits, { [precision]: 12 })), undefined);
    assert.equal(jpegEighth(withFrame(inUnits, { [height]: 0x80, [width]: 0x80 })), undefined);
  });

  it('is broken where it is cut off or claims more than it holds', () => {
    for (let length = inUnits.length - 30; length < inUnits.length - 4; length++)
      assert.throws(() => jpegEighth(inUnits.subarray(0, length)), RangeError, `${length}`);
    assert.throws(() => jpegEighth(withFrame(inUnits, { 6: 255 })), RangeError);
  });

  it('is broken where no table says how large its steps are', () => {
    // Comments, where the tables were.
    const file = Buffer.from(inUnits.toString('latin1').replaceAll('\xff\xdb', '\xff\xfe'), 'latin1');
    assert.throws(() => jpegEighth(file), RangeError);
  });

  it('is a picture, nothing, or broken, whatever the bytes are', () => {
    for (let seed = 1; seed <= 3_000; seed++) {
      const random = seededRandom(seed);
      const file = Buffer.from(files[seed % files.length] as Buffer);
      for (let i = 0; i < 1 + random() * 4; i++)
        file[Math.floor(random() * file.length)] = Math.floor(random() * 256);
      try {
        const eighth = jpegEighth(file);
        assert.ok(eighth === undefined || eighth.data.length === 4 * eighth.width * eighth.height);
      } catch (error) {
        assert.ok(error instanceof RangeError, `seed ${seed}: ${error}`);
      }
    }
  });
});
