// The making of offers: what is drawn, and how often.

import assert from 'node:assert/strict';
import fs, { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import path from 'node:path';
import { mock } from 'node:test';
import { fail } from '../../../src/contract/failure.ts';
import { FileLooks } from '../../../src/engine/files/fileLooks.ts';
import { MAX_FILE_BYTES, Offers } from '../../../src/engine/files/offers.ts';
import { PictureCopies } from '../../../src/engine/files/pictureCopies.ts';
import { DiskThreads } from '../../../src/engine/io/diskThreads.ts';
import type { Pictures } from '../../../src/engine/pictures/pictures.ts';
import type { PictureAnswer } from '../../../src/engine/pictures/pictureWorker.ts';
import { Thumbnails } from '../../../src/engine/pictures/thumbnails.ts';
import { LONGEST_DISK_CALL_MS } from '../../../src/engine/transfer/carrierParams.ts';
import { silentDisk } from '../../support/badDisks.ts';
import { realTimers } from '../../support/realTimers.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { ALI, id } from '../store/support.ts';

/** Enough of a JPEG to be one for whoever looks at its first bytes. */
const JPEG = Buffer.from('ffd8ffe000104a464946', 'hex');

describe('an offer', () => {
  const folder = temporaryFolder();
  const description = {
    mediaType: 'image/png',
    width: 3,
    height: 2,
    placeholder: undefined,
    thumbnail: undefined,
  };
  let drawn: string[];
  let answer: PictureAnswer;
  let onStripped: () => void;
  /** What it takes. */
  let drawing: Promise<void> | undefined;

  beforeEach(() => {
    drawn = [];
    onStripped = () => undefined;
    drawing = undefined;
    answer = { description };
  });

  /** With pictures that are drawn as the test says. */
  function offers(): Offers {
    const pictures = {
      describe: async (file: string) => {
        drawn.push(path.basename(file));
        return answer.description;
      },
      describeAndStrip: async (file: string, copyTo: string) => {
        drawn.push(path.basename(file));
        const found = answer;
        if (found.metadata?.kind === 'removed') await writeFile(copyTo, 'clean');
        onStripped();
        await drawing;
        return found;
      },
      strip: async (_: string, copyTo: string) => {
        if (answer.metadata?.kind === 'removed') await writeFile(copyTo, 'clean');
        return { ...answer, description: answer.description && { ...description, width: 1 } };
      },
    };
    const log = { debug() {}, info() {}, warn() {}, error() {} };
    const thumbnails = new Thumbnails(folder.path, log);
    const copies = new PictureCopies(folder.path);
    const looks = new FileLooks(new DiskThreads());
    return new Offers(pictures as unknown as Pictures, thumbnails, copies, looks);
  }

  async function file(name: string, bytes: string | Buffer = 'as it was'): Promise<string> {
    const place = path.join(folder.path, name);
    await writeFile(place, bytes);
    return place;
  }

  const fetched = (transferId: string, mediaType: string) => ({
    fetched: { itemId: id(9), transferId, mediaType, losesMetadata: true, check: () => undefined },
  });
  const offerOf = (place: string) => ({ peer: ALI, path: place, asPicture: false });
  const fetchOf = (place: string, number: number, mediaType = 'image/png') => ({
    ...{ peer: ALI, path: place, asPicture: 'ifItIsOne' as const, ...fetched(id(number), mediaType) },
  });

  it('of a shared picture draws it once, however many fetch it, until it changes', async () => {
    const place = await file('a.png', JPEG);
    const made = offers();
    answer = { description, metadata: { kind: 'none' } };
    for (const each of [1, 2, 3]) await made.prepare(fetchOf(place, each));
    assert.deepEqual(drawn, ['a.png']);
    await utimes(place, 1, 1);
    const { transfer } = await made.prepare(fetchOf(place, 4));
    assert.deepEqual(drawn, ['a.png', 'a.png']);
    assert.deepEqual([transfer.id, transfer.itemId, transfer.width], [id(4), id(9), 3]);
  });

  it('of a shared picture draws it anew once 32 others were fetched after it', async () => {
    const made = offers();
    answer = { description, metadata: { kind: 'none' } };
    const places = await Promise.all(Array.from({ length: 33 }, (_, n) => file(`${n}.png`, JPEG)));
    for (const [n, place] of places.entries()) await made.prepare(fetchOf(place, n));
    await made.prepare(fetchOf(places[1] ?? '', 40));
    assert.equal(drawn.length, 33);
    await made.prepare(fetchOf(places[0] ?? '', 41));
    assert.deepEqual([drawn.length, drawn.at(-1)], [34, '0.png']);
  });

  it('of a shared picture is one of a copy of its own, and looks the same to all who fetch it', async () => {
    const place = await file('a.png', JPEG);
    const made = offers();
    answer = { description, metadata: { kind: 'removed' } };
    for (const each of [1, 2]) {
      const { transfer } = await made.prepare(fetchOf(place, each));
      assert.deepEqual([transfer.metadata, transfer.sizeBytes, transfer.width], ['removed', 5, 3]);
    }
    assert.equal((await readdir(folder.path)).length, 3);
  });

  it('of a shared picture that was not drawn, as too much waited, is drawn for the next who fetches it', async () => {
    const place = await file('a.png', JPEG);
    const made = offers();
    answer = { description, metadata: { kind: 'none' }, isLate: true };
    const { transfer } = await made.prepare(fetchOf(place, 1));
    assert.equal(transfer.width, 3);
    answer = { description, metadata: { kind: 'none' } };
    for (const each of [2, 3]) await made.prepare(fetchOf(place, each));
    assert.deepEqual(drawn, ['a.png', 'a.png']);
  });

  it('of a shared picture that could not be looked at is not made, and tries again next time', async () => {
    const place = await file('a.png', JPEG);
    const made = offers();
    answer = { description: undefined, unseen: 'busy' };
    const details = { name: 'a.png', why: 'busy' };
    for (const each of [1, 2])
      await assert.rejects(made.prepare(fetchOf(place, each)), {
        failure: { code: 'pictureUnchecked', details },
      });
    assert.equal(drawn.length, 2);
  });

  it('of a shared picture that could not be looked at is made for nobody who waited for that, and leaves nothing', async () => {
    const place = await file('a.png', JPEG);
    const made = offers();
    const slow = Promise.withResolvers<void>();
    drawing = slow.promise;
    answer = { description: undefined, unseen: 'slow' };
    const asked = mock.method(PictureCopies.prototype, 'pathOf');
    const details = { name: 'a.png', why: 'slow' };
    const both = [1, 2].map((each) =>
      assert.rejects(made.prepare(fetchOf(place, each)), { failure: { code: 'pictureUnchecked', details } }),
    );
    while (asked.mock.callCount() < 2) await new Promise(setImmediate);
    asked.mock.restore();
    answer = { description, metadata: { kind: 'removed' } };
    slow.resolve();
    await Promise.all(both);
    assert.deepEqual([drawn, await readdir(folder.path)], [['a.png'], ['a.png']]);
  });

  it('of a shared picture is not made where its owner was told that it says nothing, and it may', async () => {
    const refused = { failure: { code: 'pictureUnchecked', details: { name: 'a.png', why: 'broken' } } };
    answer = { description, metadata: { kind: 'kept' } };
    await assert.rejects(offers().prepare(fetchOf(await file('a.png', JPEG), 1)), refused);
    await assert.rejects(offers().prepare(fetchOf(await file('a.png', 'no picture'), 2)), refused);
    assert.deepEqual(await readdir(folder.path), ['a.png']);
  });

  it('of any other shared file draws nothing', async () => {
    const { fetched: item, ...fetch } = fetchOf(await file('a.txt'), 1, 'text/plain');
    const { transfer } = await offers().prepare({ ...fetch, fetched: { ...item, losesMetadata: false } });
    assert.deepEqual([transfer.mediaType, drawn], ['text/plain', []]);
  });

  it('of a picture is one of its copy, and leaves nothing when it is not made after all', async () => {
    const place = await file('a.jpg', JPEG);
    const made = offers();
    answer = { description, metadata: { kind: 'removed' } };
    const prepared = await made.prepare({ ...offerOf(place), asPicture: true });
    assert.deepEqual([prepared.transfer.sizeBytes, prepared.transfer.path], [5, place]);
    assert.equal((await readdir(folder.path)).length, 2);
    await made.discard(prepared.transfer);
    assert.deepEqual(await readdir(folder.path), ['a.jpg']);
  });

  it('that is not made after all ends quietly where its thumbnail cannot go', async () => {
    const thumbnail = { mediaType: 'image/png', bytes: Buffer.from('drawn') } as const;
    answer = { description: { ...description, thumbnail }, metadata: { kind: 'none' } };
    const { transfer } = await offers().prepare(fetchOf(await file('a.png', JPEG), 1));
    const place = transfer.thumbnailPath ?? '';
    assert.equal(await readFile(place, 'utf8'), 'drawn');
    await rm(place);
    await mkdir(place);
    await offers().discard(transfer);
    assert.deepEqual((await readdir(folder.path)).sort(), ['a.png', path.basename(place)].sort());
  });

  it('of a picture is not made where its copy finds no place', async () => {
    const place = await file('a.jpg', JPEG);
    const prepare = () => offers().prepare({ ...offerOf(place), asPicture: true });
    answer = { description, metadata: { kind: 'notWritten', detail: 'ENOSPC' } };
    await assert.rejects(prepare(), { failure: { code: 'diskFull', details: { path: folder.path } } });
    answer = { description, metadata: { kind: 'notWritten', detail: 'EACCES' } };
    const details = { path: folder.path, detail: 'EACCES' };
    await assert.rejects(prepare(), { failure: { code: 'folderUnwritable', details } });
  });

  it('of a file that is larger than any can be is not made', async () => {
    const place = await file('a.bin');
    const found = await stat(place);
    const prepared = async (size: number) => {
      const looking = mock.method(fs, 'stat', async () => Object.assign(found, { size }));
      syncBuiltinESMExports();
      const [end] = await Promise.allSettled([offers().prepare(offerOf(place))]);
      looking.mock.restore();
      syncBuiltinESMExports();
      return end;
    };
    const details = { name: 'a.bin', limit: MAX_FILE_BYTES };
    const tooLarge = fail('fileTooLarge', details);
    assert.deepEqual(await prepared(MAX_FILE_BYTES + 1), { status: 'rejected', reason: tooLarge });
    assert.equal((await prepared(MAX_FILE_BYTES)).status, 'fulfilled');
    const { transfer } = await offers().prepare(offerOf(place));
    assert.match(transfer.id, /^[0-9a-f]{32}$/);
  });

  it('of what is no picture waits for none, however it is sent', async () => {
    const place = await file('a.zip');
    for (const asPicture of [false, 'ifItIsOne'] as const) {
      const { transfer } = await offers().prepare({ peer: ALI, path: place, asPicture });
      assert.equal(transfer.mediaType, 'application/octet-stream');
    }
    assert.deepEqual(drawn, []);
  });

  it('of a picture as a file has its type though nobody could draw it, and its bytes stay as they are', async () => {
    answer = { description: undefined, unseen: 'busy' };
    const { transfer } = await offers().prepare(offerOf(await file('a.jpg', JPEG)));
    const { mediaType, sizeBytes, metadata } = transfer;
    assert.deepEqual([mediaType, sizeBytes, metadata], ['image/jpeg', JPEG.length, undefined]);
  });

  it('that nobody waits for any more is not made, and leaves nothing', async () => {
    const place = await file('a.jpg', JPEG);
    answer = { description, metadata: { kind: 'removed' } };
    const abort = new AbortController();
    onStripped = () => abort.abort();
    const made = offers().prepare({ ...offerOf(place), asPicture: true }, abort.signal);
    await assert.rejects(made, { failure: { code: 'engineGone', details: {} } });
    assert.deepEqual(await readdir(folder.path), ['a.jpg']);
  });

  describe('of a file whose disk does not answer', () => {
    beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
    afterEach(() => realTimers());

    const slow = (place: string) => ({
      failure: { code: 'fileSlow', details: { path: place, seconds: 120 } },
    });
    const prepared = (made: Offers, place: string, abort?: AbortSignal) =>
      made.prepare({ ...offerOf(place), asPicture: 'ifItIsOne' }, abort);

    it('is given up after two minutes, in clear words', async () => {
      const place = await file('a.jpg', JPEG);
      using _ = silentDisk(/a\.jpg$/);
      const made = prepared(offers(), place);
      let isOver = false;
      made.catch(() => {
        isOver = true;
      });
      mock.timers.tick(LONGEST_DISK_CALL_MS - 1);
      await new Promise(setImmediate);
      assert.equal(isOver, false);
      mock.timers.tick(1);
      await assert.rejects(made, slow(place));
    });

    it('asks nothing more of that folder until it has answered', async () => {
      const [first, second] = [await file('a.jpg', JPEG), await file('b.jpg', JPEG)];
      answer = { description, metadata: { kind: 'none' } };
      using disk = silentDisk(/[ab]\.jpg$/);
      const made = offers();
      const given = prepared(made, first);
      mock.timers.tick(LONGEST_DISK_CALL_MS);
      await assert.rejects(given, slow(first));
      await assert.rejects(prepared(made, second), slow(second));
      assert.deepEqual(disk.asked, [first]);
      disk.wake();
      const refused = () =>
        prepared(made, second).then(
          () => false,
          () => true,
        );
      while (await refused()) await new Promise(setImmediate);
    });

    it('ends at once where nobody waits for it any more', async () => {
      const place = await file('a.jpg', JPEG);
      using _ = silentDisk(/a\.jpg$/);
      const abort = new AbortController();
      const made = prepared(offers(), place, abort.signal);
      abort.abort();
      await assert.rejects(made, { failure: { code: 'engineGone', details: {} } });
    });
  });

  describe('of what may be a picture', () => {
    const ifItIsOne = (place: string) => ({ ...offerOf(place), asPicture: 'ifItIsOne' as const });

    it('goes by the bytes, whatever the file is called', async () => {
      answer = { description, metadata: { kind: 'removed' } };
      for (const name of ['photo.jfif', 'photo.jpe', 'photo', 'photo.txt']) {
        const { transfer } = await offers().prepare(ifItIsOne(await file(name, JPEG)));
        assert.deepEqual([transfer.metadata, transfer.sizeBytes], ['removed', 5], name);
      }
    });

    it('is not made while nobody knows what the picture says, and tells why', async () => {
      for (const why of ['busy', 'slow', 'broken'] as const) {
        answer = { description: undefined, unseen: why };
        for (const asPicture of ['ifItIsOne', true] as const)
          await assert.rejects(offers().prepare({ ...offerOf(await file('a.jpg', JPEG)), asPicture }), {
            failure: { code: 'pictureUnchecked', details: { name: 'a.jpg', why } },
          });
      }
    });

    it('says that the picture goes as it is where nobody here can take it apart', async () => {
      answer = { description, metadata: { kind: 'kept' } };
      const { transfer } = await offers().prepare(ifItIsOne(await file('a', JPEG)));
      assert.equal(transfer.metadata, 'kept');
    });

    it('is one of the file at once where it is none, whatever it is called', async () => {
      answer = { description: undefined, unseen: 'busy' };
      const { transfer } = await offers().prepare(ifItIsOne(await file('a.jpg', 'a text')));
      assert.deepEqual([transfer.metadata, transfer.sizeBytes, drawn], [undefined, 6, []]);
    });

    it('is not made of what must be a picture and is none', async () => {
      await assert.rejects(offers().prepare({ ...offerOf(await file('a.jpg')), asPicture: true }), {
        failure: { code: 'pictureUnreadable', details: { name: 'a.jpg' } },
      });
    });
  });
});
