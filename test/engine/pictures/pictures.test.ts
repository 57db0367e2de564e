import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { Jimp } from 'jimp';
import { MAX_THUMBNAIL_BYTES, MAX_WAITING_PICTURES } from '../../../src/engine/pictures/params.ts';
import type { Thumbnail } from '../../../src/engine/pictures/pictureDescription.ts';
import { pictureHeaderOf } from '../../../src/engine/pictures/pictureHeader.ts';
import { Pictures } from '../../../src/engine/pictures/pictures.ts';
import { randomBytesOf } from '../../support/randomBytes.ts';
import { seededRandom } from '../../support/seededRandom.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { exif, jpegSegment, jpegWith } from './pictureBytes.ts';

type Colour = (x: number, y: number) => number;

function picture(width: number, height: number, colour: Colour): InstanceType<typeof Jimp> {
  const image = new Jimp({ width, height });
  for (let at = 0; at < width * height; at++) {
    image.bitmap.data.writeUInt32BE(colour(at % width, Math.floor(at / width)), 4 * at);
  }
  return image as InstanceType<typeof Jimp>;
}

/** Red on the left, blue on the right. */
const HALVES: Colour = (x) => (x < 300 ? 0xff0000ff : 0x0000ffff);

function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const chunk = Buffer.alloc(body.length + 8);
  chunk.writeUInt32BE(data.length);
  body.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(body), body.length + 4);
  return chunk;
}

/** A PNG of any claimed size around any data, 8 bits of grey. */
function png(width: number, height: number, interlaced: boolean, data: Buffer): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  header[12] = interlaced ? 1 : 0;
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    pngChunk('IHDR', header),
    pngChunk('IDAT', deflateSync(data)),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A JPEG as a camera writes it that was held on its side: an EXIF segment with the orientation. */
function withOrientation(jpeg: Buffer, orientation: number): Buffer {
  const tiff = Buffer.from(`49492a0008000000010012010300010000000${orientation}00000000000000`, 'hex');
  const body = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff]);
  const segment = Buffer.concat([Buffer.from('ffe10000', 'hex'), body]);
  segment.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), segment, jpeg.subarray(2)]);
}

async function colourAt(thumbnail: Thumbnail | undefined, x: number, y: number): Promise<number[]> {
  const image = await Jimp.fromBuffer(Buffer.from(thumbnail?.bytes ?? []));
  const { width, height, data } = image.bitmap;
  const at = 4 * (Math.floor(y * (height - 1)) * width + Math.floor(x * (width - 1)));
  return [...data.subarray(at, at + 4)].map((value) => Math.round(value / 64));
}

describe('pictures', function () {
  // Starting a worker from source takes a second on a busy machine.
  this.timeout(20_000);
  const folder = temporaryFolder();
  const pictures = new Pictures();
  after(() => pictures.dispose());

  async function describeBytes(bytes: Uint8Array, by = pictures) {
    const file = path.join(folder.path, 'picture');
    await writeFile(file, bytes);
    return by.describe(file);
  }

  for (const mediaType of ['image/png', 'image/jpeg', 'image/bmp'] as const) {
    it(`of type ${mediaType} have their size, a placeholder and a thumbnail`, async () => {
      const description = await describeBytes(await picture(600, 400, HALVES).getBuffer(mediaType));
      assert.equal(description?.mediaType, mediaType);
      assert.deepEqual([description?.width, description?.height], [600, 400]);
      assert.ok((description?.placeholder ?? '').length >= 20);
      const { thumbnail } = description ?? {};
      assert.equal(thumbnail?.mediaType, 'image/jpeg');
      assert.deepEqual(pictureHeaderOf(thumbnail?.bytes ?? Buffer.alloc(0))?.size, {
        width: 320,
        height: 213,
      });
      assert.deepEqual(await colourAt(thumbnail, 0.1, 0.5), [4, 0, 0, 4]);
      assert.deepEqual(await colourAt(thumbnail, 0.9, 0.5), [0, 0, 4, 4]);
    });
  }

  it('that were drawn before are taken apart, and not drawn again', async () => {
    const [file, copy] = ['picture', 'copy'].map((name) => path.join(folder.path, name)) as [string, string];
    await writeFile(file, await picture(600, 400, HALVES).getBuffer('image/png'));
    const { description, metadata } = await pictures.strip(file, copy);
    assert.deepEqual(
      [metadata, description?.width, description?.thumbnail],
      [{ kind: 'none' }, 600, undefined],
    );
  });

  it('of type image/gif show their first frame', async () => {
    const black = Buffer.from('R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAkQBADs=', 'base64');
    const description = await describeBytes(black);
    assert.deepEqual([description?.mediaType, description?.width, description?.height], ['image/gif', 1, 1]);
    assert.deepEqual(await colourAt(description?.thumbnail, 0, 0), [0, 0, 0, 4]);
  });

  it('that are small keep their size in the thumbnail', async () => {
    const description = await describeBytes(await picture(5, 3, HALVES).getBuffer('image/png'));
    assert.deepEqual(pictureHeaderOf(description?.thumbnail?.bytes ?? Buffer.alloc(0))?.size, {
      width: 5,
      height: 3,
    });
  });

  it('that are transparent have a PNG for a thumbnail, or lie on white when that is too large', async () => {
    const holed: Colour = (x) => (x < 300 ? 0x00000000 : 0x00ff00ff);
    const small = await describeBytes(await picture(600, 400, holed).getBuffer('image/png'));
    assert.equal(small?.thumbnail?.mediaType, 'image/png');
    assert.deepEqual(await colourAt(small?.thumbnail, 0.1, 0.5), [0, 0, 0, 0]);
    const random = seededRandom(1);
    const noisy: Colour = (x) => (x < 200 ? 0x00000000 : (Math.floor(random() * 2 ** 24) * 256 + 255) >>> 0);
    const large = await describeBytes(await picture(400, 300, noisy).getBuffer('image/png'));
    assert.equal(large?.thumbnail?.mediaType, 'image/jpeg');
    assert.deepEqual(await colourAt(large?.thumbnail, 0.1, 0.5), [4, 4, 4, 4]);
  });

  it('that are all noise still have a thumbnail that fits an offer', async () => {
    const random = seededRandom(2);
    const noise: Colour = () => (Math.floor(random() * 2 ** 24) * 256 + 255) >>> 0;
    const description = await describeBytes(await picture(400, 400, noise).getBuffer('image/png'));
    assert.ok((description?.thumbnail?.bytes.length ?? Number.NaN) <= MAX_THUMBNAIL_BYTES);
  });

  it('that a camera took on its side are upright, and the thumbnail says nothing of the camera', async () => {
    const jpeg = withOrientation(await picture(600, 400, HALVES).getBuffer('image/jpeg'), 6);
    const description = await describeBytes(jpeg);
    assert.deepEqual([description?.width, description?.height], [400, 600]);
    assert.deepEqual(await colourAt(description?.thumbnail, 0.5, 0.1), [4, 0, 0, 4]);
    assert.deepEqual(await colourAt(description?.thumbnail, 0.5, 0.9), [0, 0, 4, 4]);
    assert.equal(Buffer.from(description?.thumbnail?.bytes ?? []).includes('Exif'), false);
  });

  it('that a camera took on its side are upright, whatever is broken behind that in their Exif data', async () => {
    const tiff = Buffer.from('49492a0008000000' + '0200' + '120103000100000006000000', 'hex');
    const nowhere = Buffer.from('6987040001000000ffffff7f' + '00000000', 'hex');
    const segment = jpegSegment(0xe1, 'Exif\0\0', tiff, nowhere);
    const jpeg = jpegWith(await picture(600, 400, HALVES).getBuffer('image/jpeg'), [segment]);
    const description = await describeBytes(jpeg);
    assert.deepEqual([description?.width, description?.height], [400, 600]);
    assert.deepEqual(await colourAt(description?.thumbnail, 0.5, 0.1), [4, 0, 0, 4]);
  });

  it('of type image/png that are animated show their first frame', async () => {
    const still = await picture(600, 400, HALVES).getBuffer('image/png');
    const animation = pngChunk('acTL', Buffer.from('0000000200000000', 'hex'));
    const afterHeader = 33;
    const description = await describeBytes(
      Buffer.concat([still.subarray(0, afterHeader), animation, still.subarray(afterHeader)]),
    );
    assert.deepEqual(await colourAt(description?.thumbnail, 0.1, 0.5), [4, 0, 0, 4]);
  });

  it('of type image/png that are stored on their side are upright, as the editor shows them', async () => {
    const stored = await picture(600, 400, HALVES).getBuffer('image/png');
    const afterHeader = 33;
    const turned = (chunk: Buffer) =>
      Buffer.concat([stored.subarray(0, afterHeader), chunk, stored.subarray(afterHeader)]);
    const description = await describeBytes(turned(pngChunk('eXIf', exif(6))));
    assert.deepEqual([description?.width, description?.height], [400, 600]);
    assert.deepEqual(pictureHeaderOf(description?.thumbnail?.bytes ?? Buffer.alloc(0))?.size, {
      width: 213,
      height: 320,
    });
    assert.deepEqual(await colourAt(description?.thumbnail, 0.5, 0.1), [4, 0, 0, 4]);
    assert.deepEqual(await colourAt(description?.thumbnail, 0.5, 0.9), [0, 0, 4, 4]);
  });

  it('of type image/png have their upright size, also when they are not decoded', async () => {
    const huge = png(60_000, 50_000, false, Buffer.alloc(10));
    const turned = Buffer.concat([huge.subarray(0, 33), pngChunk('eXIf', exif(8)), huge.subarray(33)]);
    const { width, height } = (await describeBytes(turned)) ?? {};
    assert.deepEqual([width, height], [50_000, 60_000]);
  });

  it('that cannot be decoded here still have type and size', async () => {
    const webp = Buffer.from('5249464600000000574542505650385800000000000000002b0100c70000', 'hex');
    assert.deepEqual(await describeBytes(webp), {
      mediaType: 'image/webp',
      width: 300,
      height: 200,
      placeholder: undefined,
      thumbnail: undefined,
    });
  });

  it('that are broken behind their header have no thumbnail', async () => {
    const whole = await picture(600, 400, HALVES).getBuffer('image/png');
    const random = seededRandom(3);
    const broken = Buffer.concat([whole.subarray(0, 40), randomBytesOf(random, 5000)]);
    const description = await describeBytes(broken);
    assert.deepEqual([description?.width, description?.thumbnail], [600, undefined]);
  });

  it('are none when there is no file, or something else in it', async () => {
    assert.equal(await pictures.describe(path.join(folder.path, 'none')), undefined);
    assert.equal(await pictures.describe(folder.path), undefined);
    assert.equal(await describeBytes(Buffer.from('hello')), undefined);
    assert.equal(await describeBytes(Buffer.alloc(0)), undefined);
  });

  it('that claim to be huge are not decoded', async () => {
    const description = await describeBytes(png(60_000, 60_000, false, Buffer.alloc(10)));
    assert.deepEqual([description?.width, description?.thumbnail], [60_000, undefined]);
  });

  it('that claim to be huge are not decoded, whatever they are', async () => {
    const jpeg = await picture(60, 40, HALVES).getBuffer('image/jpeg');
    const frame = jpeg.indexOf(Buffer.from([0xff, 0xc0]));
    jpeg.writeUInt16BE(60_000, frame + 5);
    jpeg.writeUInt16BE(50_000, frame + 7);
    const gif = Buffer.from('R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAkQBADs=', 'base64');
    gif.writeUInt16LE(50_000, 6);
    gif.writeUInt16LE(60_000, 8);
    const bmp = await picture(60, 40, HALVES).getBuffer('image/bmp');
    bmp.writeInt32LE(50_000, 18);
    bmp.writeInt32LE(-60_000, 22);
    for (const bytes of [jpeg, gif, bmp]) {
      const description = await describeBytes(bytes);
      const { width, height, thumbnail } = description ?? {};
      assert.deepEqual([width, height, thumbnail], [50_000, 60_000, undefined], description?.mediaType);
    }
  });

  it('that a camera took on its side have their upright size, also when they are not decoded', async () => {
    const jpeg = await picture(60, 40, HALVES).getBuffer('image/jpeg');
    const frame = jpeg.indexOf(Buffer.from([0xff, 0xc0]));
    jpeg.writeUInt16BE(50_000, frame + 5);
    jpeg.writeUInt16BE(60_000, frame + 7);
    const { width, height } = (await describeBytes(withOrientation(jpeg, 8))) ?? {};
    assert.deepEqual([width, height], [50_000, 60_000]);
  });

  it('that inflate to far more than they claim are not decoded', async () => {
    const description = await describeBytes(png(100, 100, true, Buffer.alloc(100_000_000)));
    assert.deepEqual([description?.width, description?.thumbnail], [100, undefined]);
  });

  it('are described one after the other, each with its own answer', async () => {
    const files = await Promise.all(
      [10, 20, 30].map(async (width) => {
        const file = path.join(folder.path, `${width}`);
        await writeFile(file, await picture(width, 5, HALVES).getBuffer('image/png'));
        return file;
      }),
    );
    const described = await Promise.all(files.map((file) => pictures.describe(file)));
    assert.deepEqual(
      described.map((description) => description?.width),
      [10, 20, 30],
    );
  });

  it('that take too long cost their own answer, and the next is described by a new worker', async () => {
    const code = `import { parentPort } from 'node:worker_threads';
      parentPort.on('message', ({ path }) => {
        if (path !== 'slow') parentPort.postMessage({ description: { mediaType: path } });
      });`;
    const workerUrl = new URL(`data:text/javascript,${encodeURIComponent(code)}`);
    const impatient = new Pictures({ workerUrl, deadlineMs: 2_000 });
    const described = ['slow', 'quick'].map((path) => impatient.describe(path));
    assert.deepEqual(await Promise.all(described), [undefined, { mediaType: 'quick' }]);
    impatient.dispose();
  });

  it('that somebody fetches are not drawn once they have waited too long, and go before those that are', async () => {
    const code = `import { parentPort } from 'node:worker_threads';
      const post = (job) => parentPort.postMessage({ description: { mediaType: job.path, isDrawn: job.isDrawn } });
      parentPort.on('message', (job) => setTimeout(post, job.path === 'slow' ? 500 : 0, job));`;
    const one = new Pictures({ workerUrl: new URL(`data:text/javascript,${encodeURIComponent(code)}`) });
    const answered: unknown[] = [];
    const told = async (answer: Promise<unknown>) => answered.push(await answer);
    await Promise.all([
      told(one.describeAndStrip('slow', 'copy', 50)),
      told(one.describeAndStrip('mine', 'copy')),
      told(one.describeAndStrip('fetched', 'copy', 50)),
      told(one.strip('drawn before', 'copy')),
    ]);
    one.dispose();
    assert.deepEqual(answered, [
      { description: { mediaType: 'slow', isDrawn: undefined } },
      { description: { mediaType: 'fetched', isDrawn: true }, isLate: true },
      { description: { mediaType: 'drawn before', isDrawn: true } },
      { description: { mediaType: 'mine', isDrawn: undefined } },
    ]);
  });

  it('that a worker does not survive, or not in time, are known by their headers and without metadata all the same', async () => {
    const known = { description: { mediaType: 'image/png' }, metadata: { kind: 'removed' } };
    const post = `parentPort.postMessage(${JSON.stringify({ ...known, isUndrawn: true })});`;
    for (const end of ['process.exit(1)', '']) {
      const code = `import { parentPort } from 'node:worker_threads';
        parentPort.on('message', () => { ${post} ${end} });`;
      const workerUrl = new URL(`data:text/javascript,${encodeURIComponent(code)}`);
      const one = new Pictures({ workerUrl, deadlineMs: 1_000 });
      const { description, metadata } = await one.describeAndStrip('a', 'b');
      assert.deepEqual({ description, metadata }, known);
      one.dispose();
    }
  });

  describe('of which nothing is known', () => {
    const workerOf = (code: string) => new URL(`data:text/javascript,${encodeURIComponent(code)}`);
    const SILENT = workerOf('setInterval(() => {}, 1_000)');

    it('say whether it took too long or their worker broke', async () => {
      const slow = new Pictures({ workerUrl: SILENT, deadlineMs: 50 });
      assert.deepEqual(await slow.describeAndStrip('a', 'b'), { description: undefined, unseen: 'slow' });
      slow.dispose();
      const broken = new Pictures({ workerUrl: workerOf('throw new Error("broken")') });
      assert.deepEqual(await broken.describeAndStrip('a', 'b'), { description: undefined, unseen: 'broken' });
      broken.dispose();
    });

    it('say at once that too many wait', async () => {
      const busy = new Pictures({ workerUrl: SILENT });
      const waiting = Array.from({ length: MAX_WAITING_PICTURES + 1 }, () => busy.describeAndStrip('a', 'b'));
      assert.deepEqual(await busy.describeAndStrip('a', 'b'), { description: undefined, unseen: 'busy' });
      busy.dispose();
      assert.equal((await Promise.all(waiting)).length, MAX_WAITING_PICTURES + 1);
    });

    it('say that their file cannot be read', async () => {
      const answer = await pictures.describeAndStrip(folder.path, path.join(folder.path, 'copy'));
      assert.deepEqual(answer, { description: undefined, unseen: 'broken' });
    });
  });

  it('whose worker breaks are answered, and so is everybody after the end', async () => {
    const broken = new Pictures({ workerUrl: new URL('data:text/javascript,throw new Error("broken")') });
    assert.equal(await broken.describe('a'), undefined);
    assert.equal(await broken.describe('b'), undefined);
    const waiting = [broken.describe('c'), broken.describe('d')];
    broken.dispose();
    assert.deepEqual(await Promise.all([...waiting, broken.describe('e')]), [
      undefined,
      undefined,
      undefined,
    ]);
  });
});
