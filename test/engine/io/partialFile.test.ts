import assert from 'node:assert/strict';
import { open, readdir, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { mock } from 'node:test';
import { BlockNotes } from '../../../src/engine/io/blockNotes.ts';
import { DiskCalls } from '../../../src/engine/io/diskCalls.ts';
import { PageMemory } from '../../../src/engine/io/pageMemory.ts';
import { PartialFile, type PartialFileOptions } from '../../../src/engine/io/partialFile.ts';
import { alwaysQuiet } from '../../../src/engine/io/quiet.ts';
import { forbidden, forgetfulDisk, fullDisk, heldFor, shortNames } from '../../support/badDisks.ts';
import { fileDigestOf } from '../../support/fileDigestOf.ts';
import { onPlatform } from '../../support/onPlatform.ts';
import { randomBytesOf } from '../../support/randomBytes.ts';
import { seededRandom } from '../../support/seededRandom.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { until } from '../../support/until.ts';

const BLOCK = 65_536;
const BYTES = randomBytesOf(seededRandom(1), 5 * BLOCK + 100);
const DIGEST = fileDigestOf(BYTES);
const TRANSFER_ID = '00112233445566778899aabbccddeeff';

function failing(code: string): (error: unknown) => boolean {
  return (error) => (error as { failure?: { code: string } }).failure?.code === code;
}

describe('a file being received', () => {
  const folder = temporaryFolder();
  const notes = temporaryFolder();
  const options = (name = 'a.png'): PartialFileOptions => ({
    folder: folder.path,
    notesFolder: notes.path,
    name,
    transferId: TRANSFER_ID,
    sizeBytes: BYTES.length,
    disks: new DiskCalls(),
    memory: new PageMemory(),
    quiet: alwaysQuiet,
  });
  const opened: PartialFile[] = [];
  async function openPartial(as = options()): Promise<PartialFile> {
    const partial = await PartialFile.open(as);
    opened.push(partial);
    return partial;
  }
  afterEach(async () => {
    for (const partial of opened.splice(0)) await partial.close();
  });
  const hidden = () => path.join(folder.path, `.a.png.${TRANSFER_ID}.part`);

  async function writeBlocks(partial: PartialFile, order: number[]): Promise<void> {
    await Promise.all(
      order.map((block) => partial.write(block * BLOCK, BYTES.subarray(block * BLOCK, (block + 1) * BLOCK))),
    );
  }

  async function receive(name?: string): Promise<string> {
    const partial = await openPartial(options(name));
    await writeBlocks(partial, [0, 1, 2, 3, 4, 5]);
    const place = await partial.finish(DIGEST);
    await PartialFile.remove(options(name));
    return place;
  }

  it('grows under a hidden name, and has its own when it is whole', async () => {
    const partial = await openPartial();
    assert.deepEqual(await readdir(folder.path), [`.a.png.${TRANSFER_ID}.part`]);
    await writeBlocks(partial, [0, 1, 2, 3, 4, 5]);
    assert.equal(await partial.finish(DIGEST), path.join(folder.path, 'a.png'));
    assert.deepEqual(await readdir(folder.path), ['a.png']);
    assert.deepEqual(await readFile(path.join(folder.path, 'a.png')), BYTES);
  });

  it('takes blocks in any order and more than once', async () => {
    const partial = await openPartial();
    await writeBlocks(partial, [5, 1, 3, 1]);
    assert.equal(partial.contiguousBytes, 0);
    await writeBlocks(partial, [0, 0]);
    assert.equal(partial.contiguousBytes, 2 * BLOCK);
    await writeBlocks(partial, [4, 2, 5, 0]);
    assert.equal(partial.contiguousBytes, BYTES.length);
    assert.deepEqual(await readFile(await partial.finish(DIGEST.toUpperCase())), BYTES);
  });

  it('never takes the name of another file', async () => {
    await writeFile(path.join(folder.path, 'a.png'), 'mine');
    assert.equal(await receive(), path.join(folder.path, 'a (2).png'));
    assert.equal(await receive(), path.join(folder.path, 'a (3).png'));
    assert.equal(await readFile(path.join(folder.path, 'a.png'), 'utf8'), 'mine');
  });

  it('gives files that end at the same moment different names', async () => {
    const partials = await Promise.all(
      ['1', '2', '3'].map((transferId) => openPartial({ ...options(), transferId })),
    );
    for (const partial of partials) await writeBlocks(partial, [0, 1, 2, 3, 4, 5]);
    const places = await Promise.all(partials.map((partial) => partial.finish(DIGEST)));
    assert.deepEqual(places.map((place) => path.basename(place)).sort(), ['a (2).png', 'a (3).png', 'a.png']);
    for (const place of places) assert.deepEqual(await readFile(place), BYTES);
  });

  it('stays in its folder whatever it is called', async () => {
    assert.equal(await receive('../../etc/passwd'), path.join(folder.path, 'passwd'));
    assert.equal(path.dirname(await receive(`${'ن'.repeat(300)}.png`)), folder.path);
    assert.equal(await receive('..'), path.join(folder.path, 'file'));
  });

  it('has a shorter name where the file system takes no long ones, whatever its letters', async () => {
    using _ = shortNames(143);
    for (const letter of ['a', 'ن', '日', '😀']) {
      const [first, second] = [
        await receive(`${letter.repeat(200)}.png`),
        await receive(`${letter.repeat(200)}.png`),
      ];
      for (const place of [first, second]) assert.deepEqual(await readFile(place), BYTES);
      assert.match(path.basename(first), /^(.)\1{30,}\.png$/u);
      assert.match(path.basename(second), /^(.)\1{30,} \(2\)\.png$/u);
    }
  });

  it('has its name on Windows, too, where virus scanners look at what was written a moment ago', async () => {
    using _ = onPlatform('win32');
    using __ = heldFor(2, /\.part$/);
    assert.deepEqual(await readFile(await receive()), BYTES);
  });

  it('leaves nothing behind on Windows when it is given up while a virus scanner looks at it', async () => {
    const partial = await openPartial();
    await writeBlocks(partial, [0, 1, 2, 3, 4, 5]);
    using _ = onPlatform('win32');
    using __ = heldFor(Number.POSITIVE_INFINITY, /\.part$/);
    const finishing = partial.finish(DIGEST);
    await until('the name is reserved', 5_000, async () => (await readdir(folder.path)).includes('a.png'));
    await partial.discard();
    await assert.rejects(finishing, failing('engineGone'));
    assert.deepEqual([...(await readdir(folder.path)), ...(await readdir(notes.path))], []);
  });

  it('is marked on Windows as of somebody else before it has any contents', async () => {
    using _ = onPlatform('win32');
    await openPartial();
    const mark = await readFile(`${hidden()}:Zone.Identifier`, 'utf8');
    assert.match(mark, /^\[ZoneTransfer\]\r\nZoneId=3\r\n$/);
  });

  it('leaves nothing behind when its digest is another', async () => {
    const partial = await openPartial();
    await writeBlocks(partial, [0, 1, 2, 3, 4, 5]);
    await assert.rejects(partial.finish('0'.repeat(64)), failing('digestMismatch'));
    assert.deepEqual(await readdir(folder.path), []);
  });

  it('leaves nothing behind when a part is missing', async () => {
    const partial = await openPartial();
    await writeBlocks(partial, [0, 1, 2, 4, 5]);
    await assert.rejects(partial.finish(DIGEST), failing('digestMismatch'));
    assert.deepEqual(await readdir(folder.path), []);
  });

  it('leaves nothing behind when it is given up, even in the middle of writing', async () => {
    const partial = await openPartial();
    const writing = writeBlocks(partial, [0, 1, 2, 3, 4, 5]);
    await partial.discard();
    await writing;
    await partial.discard();
    await writeBlocks(partial, [0]);
    assert.deepEqual(await readdir(folder.path), []);
  });

  // Windows lets nobody give a folder another name while a file in it is open.
  if (process.platform !== 'win32')
    for (const [how, end] of [
      [
        'whole',
        (partial: PartialFile) => assert.rejects(partial.finish(DIGEST), failing('folderUnwritable')),
      ],
      ['given up', (partial: PartialFile) => partial.discard()],
    ] as const)
      it(`takes no room where its folder has another name by the time that it is ${how}`, async () => {
        const [before, now] = [path.join(folder.path, 'before'), path.join(folder.path, 'now')];
        const partial = await openPartial({ ...options(), folder: before });
        await writeBlocks(partial, [0, 1, 2, 3, 4, 5]);
        await rename(before, now);
        await end(partial);
        const { size } = await stat(path.join(now, path.basename(hidden())));
        assert.deepEqual([size, await readdir(notes.path)], [0, []]);
      });

  it('begins anew where nothing is known of what is there', async () => {
    await writeFile(hidden(), 'old '.repeat(1e6));
    assert.deepEqual(await readFile(await receive()), BYTES);
  });

  it('makes its folder when that is missing', async () => {
    const deep = path.join(folder.path, 'new', 'deep');
    const partial = await openPartial({ ...options(), folder: deep });
    assert.equal((await readdir(deep)).length, 1);
    await partial.discard();
  });

  it('is refused when its folder is none', async () => {
    await writeFile(path.join(folder.path, 'file'), '');
    const created = openPartial({ ...options(), folder: path.join(folder.path, 'file') });
    await assert.rejects(created, failing('folderUnwritable'));
  });

  it('is refused when nothing may be written to its folder', async () => {
    using _ = forbidden(/\.part$/);
    await assert.rejects(openPartial(), {
      failure: { code: 'folderUnwritable', details: { path: folder.path, detail: 'EACCES' } },
    });
    assert.deepEqual([...(await readdir(folder.path)), ...(await readdir(notes.path))], []);
  });

  it('names the folder of its notes where that is the one that takes nothing', async () => {
    const fails = async (tried: Promise<unknown>, code: string, detail = {}) =>
      assert.rejects(tried, { failure: { code, details: { path: notes.path, ...detail } } });
    {
      using _ = forbidden(/\.blocks$/);
      await fails(openPartial(), 'folderUnwritable', { detail: 'EACCES' });
    }
    {
      using _ = fullDisk(/\.blocks$/, 0);
      await fails(openPartial(), 'diskFull');
    }
    {
      using _ = fullDisk(/\.blocks$/, 512 + 32);
      await fails(writeBlocks(await openPartial(), [0, 1]), 'diskFull');
    }
    using _ = fullDisk(/\.blocks$/, 512 + 6 * 32);
    const partial = await openPartial({ ...options(), transferId: 'f'.repeat(32) });
    await writeBlocks(partial, [0, 1, 2, 3, 4, 5]);
    await fails(partial.finish(DIGEST), 'diskFull');
  });

  it('names its own folder where that is the one that is full', async () => {
    using _ = fullDisk(/\.part$/, BLOCK);
    await assert.rejects(writeBlocks(await openPartial(), [0, 1]), {
      failure: { code: 'diskFull', details: { path: folder.path } },
    });
  });

  it('leaves nothing behind when its name may not be taken', async () => {
    const partial = await openPartial();
    await writeBlocks(partial, [0, 1, 2, 3, 4, 5]);
    using _ = forbidden(/a\.png$/);
    await assert.rejects(partial.finish(DIGEST), failing('folderUnwritable'));
    assert.deepEqual([...(await readdir(folder.path)), ...(await readdir(notes.path))], []);
  });

  it('is refused when it does not fit the disk', async () => {
    const created = openPartial({ ...options(), sizeBytes: 2 ** 52 });
    await assert.rejects(created, failing('diskFull'));
    assert.deepEqual(await readdir(folder.path), []);
  });

  describe('when another engine goes on with it', () => {
    /** As after a kill: nothing was said to the file. */
    async function goOn(order: number[], meanwhile = async () => {}): Promise<PartialFile> {
      await writeBlocks(await openPartial(), order);
      await meanwhile();
      return openPartial();
    }

    async function finishFrom(partial: PartialFile, order: number[]): Promise<void> {
      await writeBlocks(partial, order);
      assert.deepEqual(await readFile(await partial.finish(DIGEST)), BYTES);
    }

    it('has every block that was written, those behind a gap included', async () => {
      const partial = await goOn([0, 1, 3, 5]);
      assert.equal(partial.contiguousBytes, 2 * BLOCK);
      assert.deepEqual(partial.haveBlocks, [
        { start: 3, end: 4 },
        { start: 5, end: 6 },
      ]);
      assert.equal(partial.readAgainBytes, 3 * BLOCK + 100);
      await writeBlocks(partial, [2]);
      assert.equal(partial.contiguousBytes, 4 * BLOCK);
      await finishFrom(partial, [4]);
    });

    it('does without what the disk has lost or changed', async () => {
      const partial = await goOn([0, 1, 2, 3, 4, 5], async () => {
        const file = await open(hidden(), 'r+');
        await file.write(Buffer.from([(BYTES[BLOCK + 7] as number) ^ 1]), 0, 1, BLOCK + 7);
        await file.truncate(4 * BLOCK + 10);
        await file.close();
      });
      assert.equal(partial.contiguousBytes, BLOCK);
      await writeBlocks(partial, [1]);
      assert.equal(partial.contiguousBytes, 4 * BLOCK);
      await finishFrom(partial, [4, 5]);
    });

    it('begins anew when the file is gone', async () => {
      const partial = await goOn([0, 1], () => rm(hidden()));
      assert.equal(partial.contiguousBytes, 0);
      await finishFrom(partial, [0, 1, 2, 3, 4, 5]);
    });

    it('begins anew when its notes are gone', async () => {
      const partial = await goOn([0, 1], () => rm(path.join(notes.path, `${TRANSFER_ID}.blocks`)));
      assert.equal(partial.contiguousBytes, 0);
      await finishFrom(partial, [0, 1, 2, 3, 4, 5]);
    });

    it('keeps what is there when it is closed, and does not take more', async () => {
      const first = await openPartial();
      await writeBlocks(first, [0, 1]);
      await first.close();
      await writeBlocks(first, [2]);
      const second = await openPartial();
      assert.equal(second.contiguousBytes, 2 * BLOCK);
      await finishFrom(second, [2, 3, 4, 5]);
    });

    it('takes away an empty file that was to become it', async () => {
      const partial = await openPartial();
      await writeBlocks(partial, [0, 1, 2, 3, 4, 5]);
      await partial.finish(DIGEST);
      // Killed between the two: the name is taken, the file still hidden.
      await writeFile(hidden(), BYTES);
      await writeFile(path.join(folder.path, 'a.png'), '');
      await finishFrom(await openPartial(), []);
      assert.deepEqual(await readdir(folder.path), ['a.png']);
    });

    it('finds the file that was named and not spoken of', async () => {
      assert.equal(await PartialFile.saved(options()), undefined);
      const partial = await openPartial();
      await writeBlocks(partial, [0, 1, 2, 3, 4, 5]);
      assert.equal(await PartialFile.saved(options()), undefined);
      const place = await partial.finish(DIGEST);
      assert.deepEqual(await PartialFile.saved(options()), { path: place, digest: DIGEST });
      await truncate(place, 5);
      assert.equal(await PartialFile.saved(options()), undefined);
    });

    it('finds nothing where the engine’s own disk reads no notes any more', async () => {
      const partial = await openPartial();
      await writeBlocks(partial, [0, 1, 2, 3, 4, 5]);
      await partial.finish(DIGEST);
      const broken = () => Promise.reject(Object.assign(new Error('EIO'), { code: 'EIO' }));
      const reading = mock.method(BlockNotes.prototype, 'digest', broken);
      assert.equal(await PartialFile.saved(options()), undefined);
      reading.mock.restore();
    });

    it('leaves no notes of what is given up', async () => {
      await (await goOn([0, 1])).discard();
      assert.deepEqual(await readdir(notes.path), []);
    });
  });

  it('fails where the disk has said once that some of it is lost, whatever it says later', async () => {
    using _disk = forgetfulDisk(/\.part$/);
    const partial = await openPartial({ ...options(), sizeBytes: 300 * BLOCK });
    const bytes = Buffer.alloc(BLOCK, 'x');
    const writeAll = async () => {
      for (let at = 0; at < 299 * BLOCK; at += BLOCK) await partial.write(at, bytes);
    };
    await assert.rejects(writeAll(), failing('folderUnwritable'));
  });

  it('proves only what came after the disk was synced last', async () => {
    const sizeBytes = 300 * BLOCK;
    const large = { ...options(), sizeBytes };
    const bytes = Buffer.alloc(BLOCK, 'x');
    const partial = await openPartial(large);
    for (let at = 0; at < 264 * BLOCK; at += BLOCK) await partial.write(at, bytes);
    await partial.close();
    const again = await openPartial(large);
    assert.equal(again.contiguousBytes, 264 * BLOCK);
    assert.ok(again.readAgainBytes <= 8 * BLOCK, `${again.readAgainBytes} bytes read`);
    await again.close();
    await truncate(hidden(), 100 * BLOCK);
    assert.equal((await openPartial(large)).contiguousBytes, 100 * BLOCK);
  });

  it('has all of its bytes when it is large and another engine went on with it, and says when the disk is full', async () => {
    const bytes = randomBytesOf(seededRandom(2), 300 * BLOCK + 100);
    const large = { ...options(), sizeBytes: bytes.length };
    const writeSome = async (partial: PartialFile, from: number, to: number) => {
      const blocks = Array.from({ length: to - from }, (_, i) => from + i);
      await Promise.all(
        blocks.map((block) =>
          partial.write(block * BLOCK, bytes.subarray(block * BLOCK, (block + 1) * BLOCK)),
        ),
      );
    };
    const first = await openPartial(large);
    await writeSome(first, 20, 150);
    await first.close();
    const second = await openPartial(large);
    assert.deepEqual(second.haveBlocks, [{ start: 20, end: 150 }]);
    await writeSome(second, 0, 20);
    await writeSome(second, 150, 301);
    assert.deepEqual(await readFile(await second.finish(fileDigestOf(bytes))), bytes);
    await PartialFile.remove(large);
    using _disk = fullDisk(/\.part$/, 100 * BLOCK);
    const third = await openPartial(large);
    await assert.rejects(writeSome(third, 0, 150), failing('diskFull'));
  });
});
