import assert from 'node:assert/strict';
import { appendFile, mkdir, rename, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { BlockNotes } from '../../../src/engine/io/blockNotes.ts';
import { DiskThreads, MOST_THREADS_IN_FOLDER } from '../../../src/engine/io/diskThreads.ts';
import { type ReadCounts, SourceFile, stampOf } from '../../../src/engine/io/sourceFile.ts';
import { countReads, forbidden, forgettingDrive } from '../../support/badDisks.ts';
import { randomBytesOf } from '../../support/randomBytes.ts';
import { seededRandom } from '../../support/seededRandom.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import {
  BLOCK,
  BYTES,
  DIGEST,
  failing,
  lengthOf,
  openNotesIn,
  openSentFile,
  writeSentFile,
} from './sentFile.ts';

describe('a file being sent', () => {
  const folder = temporaryFolder();
  const inFolder = (name: string) => path.join(folder.path, name);

  let notes: BlockNotes;
  const openNotes = () => openNotesIn(folder.path);

  beforeEach(async () => {
    notes = await openNotes();
    await writeSentFile(folder.path);
  });
  afterEach(() => notes.close());

  const openFile = () => openSentFile(folder.path, notes);

  it('is read block by block, and its digest is that of all of it', async () => {
    const source = await openFile();
    const offsets = [0, BLOCK, 2 * BLOCK, 3 * BLOCK];
    const reads = offsets.map((at) => source.read(at, Math.min(BLOCK, BYTES.length - at)));
    assert.deepEqual(Buffer.concat(await Promise.all(reads)), BYTES);
    assert.equal(await source.digest(), DIGEST);
    await source.close();
  });

  it('is not read from the start when another engine goes on in the middle', async () => {
    const before = await openFile();
    await before.read(0, BLOCK);
    await before.read(BLOCK, BLOCK);
    await before.close();
    await notes.flush();
    await notes.close();
    notes = await openNotes();
    using reads = countReads(inFolder('a.bin'));
    const source = await openFile();
    await source.read(2 * BLOCK, BLOCK);
    await source.read(3 * BLOCK, 100);
    assert.equal(await source.digest(), DIGEST);
    assert.deepEqual(reads.counts, [1, 1]);
    await source.close();
  });

  it('is read where nothing was noted, before its digest is told', async () => {
    const source = await openFile();
    await source.read(2 * BLOCK, BLOCK);
    assert.equal(await source.digest(), DIGEST);
    await source.close();
  });

  describe('counts what it reads again', () => {
    const open = async (counts: ReadCounts) =>
      SourceFile.open(inFolder('a.bin'), await stampOf(inFolder('a.bin')), notes, { counts });

    it('and nothing of what it reads for the first time', async () => {
      const counts = { againBytes: 0 };
      const source = await open(counts);
      await Promise.all([0, 1, 2, 3].map((block) => source.read(block * BLOCK, lengthOf(block))));
      await source.digest();
      assert.equal(counts.againBytes, 0);
      await source.close();
    });

    it('which are blocks with a note, of this engine or of one before', async () => {
      const counts = { againBytes: 0 };
      const first = await open(counts);
      await first.read(0, BLOCK);
      await first.read(3 * BLOCK, 100);
      await first.close();
      await notes.close();
      notes = await openNotes();
      const second = await open(counts);
      await second.read(BLOCK, BLOCK);
      assert.equal(counts.againBytes, 0);
      await second.read(3 * BLOCK, 100);
      await second.read(0, BLOCK);
      assert.equal(counts.againBytes, BLOCK + 100);
      await second.close();
    });

    it('and blocks whose notes were lost, which it reads for the digest alone', async () => {
      const counts = { againBytes: 0 };
      const source = await open(counts);
      await source.read(2 * BLOCK, BLOCK);
      await source.read(3 * BLOCK, 100);
      await source.digest();
      assert.equal(counts.againBytes, 2 * BLOCK);
      await source.close();
    });
  });

  it('ends with fileChanged when a block that was sent before is another one now', async () => {
    const first = await openFile();
    await first.read(BLOCK, BLOCK);
    await first.close();
    const { mtime } = await stat(inFolder('a.bin'));
    await writeFile(inFolder('a.bin'), randomBytesOf(seededRandom(2), BYTES.length));
    await utimes(inFolder('a.bin'), mtime, mtime);
    const second = await openFile();
    await second.read(0, BLOCK);
    await assert.rejects(second.read(BLOCK, BLOCK), failing('fileChanged'));
    await second.close();
  });

  it('uses buffers again that were given back', async () => {
    const source = await openFile();
    const first = await source.read(0, BLOCK);
    source.recycle(first);
    const second = await source.read(BLOCK, BLOCK);
    assert.equal(second.buffer, first.buffer);
    assert.deepEqual(second, BYTES.subarray(BLOCK, 2 * BLOCK));
    await source.close();
  });

  it('gives the memory of buffers that nobody used again back when it is closed', async () => {
    const source = await openFile();
    const read = [await source.read(0, BLOCK), await source.read(BLOCK, BLOCK)];
    for (const buffer of read) source.recycle(buffer);
    await source.close();
    assert.deepEqual(
      read.map(({ length }) => length),
      [0, 0],
    );
  });

  it('is read by one call where reads wait that lie behind each other', async () => {
    using reads = countReads(inFolder('a.bin'));
    const source = await openFile();
    const order = [0, 1, 3, 2];
    const read = await Promise.all(order.map((block) => source.read(block * BLOCK, lengthOf(block))));
    assert.deepEqual(Buffer.concat([0, 1, 3, 2].map((at) => read[at] as Buffer)), BYTES);
    assert.deepEqual(reads.counts, [2, 1, 1]);
    await source.close();
  });

  it('is read when nothing goes before files', async () => {
    const calm = Promise.withResolvers<void>();
    const stamp = await stampOf(inFolder('a.bin'));
    using reads = countReads(inFolder('a.bin'));
    const source = await SourceFile.open(inFolder('a.bin'), stamp, notes, { quiet: () => calm.promise });
    const reading = source.read(0, BLOCK);
    await new Promise(setImmediate);
    assert.deepEqual(reads.counts, []);
    calm.resolve();
    assert.deepEqual(await reading, BYTES.subarray(0, BLOCK));
    assert.deepEqual(reads.counts, [1]);
    await source.close();
  });

  it('is opened, read and closed when its folder has a thread to spare', async () => {
    const threads = new DiskThreads();
    const stamp = await stampOf(inFolder('a.bin'));
    /** Others wait for that folder meanwhile. */
    const waits = async <T>(asked: () => Promise<T>): Promise<T> => {
      const silent = Promise.withResolvers<void>();
      for (let held = 0; held < MOST_THREADS_IN_FOLDER; held++)
        void threads.lend(path.dirname(inFolder('a.bin')), () => silent.promise);
      let isAnswered = false;
      const answer = asked().finally(() => {
        isAnswered = true;
      });
      const quick = await openFile();
      await quick.read(0, BLOCK);
      await quick.close();
      assert.equal(isAnswered, false);
      silent.resolve();
      return answer;
    };
    const source = await waits(() => SourceFile.open(inFolder('a.bin'), stamp, notes, { threads }));
    const block = await waits(() => source.read(0, BLOCK));
    assert.ok(block.equals(BYTES.subarray(0, BLOCK)));
    await waits(() => source.close());
  });

  it('lets the loop serve everybody else after each four blocks', async () => {
    const place = { notesFolder: inFolder('notes'), transferId: 'e'.repeat(32) };
    const notesOfEight = await BlockNotes.open(place, 8 * BLOCK);
    await writeFile(inFolder('eight.bin'), Buffer.alloc(8 * BLOCK));
    const stamp = await stampOf(inFolder('eight.bin'));
    const source = await SourceFile.open(inFolder('eight.bin'), stamp, notesOfEight);
    const seen: (number | string)[] = [];
    const reads = [...Array(8).keys()].map(async (block) => {
      await source.read(block * BLOCK, BLOCK);
      seen.push(block);
      if (block === 0) setImmediate(() => seen.push('a turn'));
    });
    await Promise.all(reads);
    assert.deepEqual(seen, [0, 1, 2, 3, 'a turn', 4, 5, 6, 7]);
    await source.close();
    await notesOfEight.close();
  });

  it('is noted when it is closed, also where nobody asked for its digest', async () => {
    const source = await openFile();
    await source.read(0, BLOCK);
    await source.close();
    const again = await openNotes();
    assert.deepEqual([...again.notedFrom(0)], [0]);
    await again.close();
  });

  it('is refused when it is not there, a folder, or empty', async () => {
    await assert.rejects(stampOf(inFolder('none')), failing('fileUnreadable'));
    await mkdir(inFolder('folder'));
    await assert.rejects(stampOf(inFolder('folder')), failing('fileUnreadable'));
    await writeFile(inFolder('empty'), '');
    await assert.rejects(stampOf(inFolder('empty')), failing('fileEmpty'));
    await assert.rejects(
      SourceFile.open(inFolder('none'), { sizeBytes: 1, modifiedAt: 1 }, notes),
      failing('fileUnreadable'),
    );
  });

  it('is refused when it is not the one that was offered', async () => {
    await writeFile(inFolder('a.bin'), BYTES);
    const stamp = await stampOf(inFolder('a.bin'));
    await writeFile(inFolder('b.bin'), randomBytesOf(seededRandom(2), BYTES.length));
    await utimes(inFolder('b.bin'), 1, 1);
    await rename(inFolder('b.bin'), inFolder('a.bin'));
    await assert.rejects(SourceFile.open(inFolder('a.bin'), stamp, notes), failing('fileChanged'));
  });

  it('is not even opened then, as to open a pipe is to wait until somebody writes to it', async () => {
    const stamp = await stampOf(inFolder('a.bin'));
    await utimes(inFolder('a.bin'), 5, 5);
    using _ = forbidden(/a\.bin$/);
    await assert.rejects(SourceFile.open(inFolder('a.bin'), stamp, notes), failing('fileChanged'));
  });

  it('ends with fileChanged when it becomes shorter while it is read', async () => {
    const source = await openFile();
    await source.read(0, BLOCK);
    await truncate(inFolder('a.bin'), BLOCK + 10);
    await assert.rejects(source.read(BLOCK, BLOCK), failing('fileChanged'));
    await source.close();
  });

  it('ends with fileChanged within 64 blocks of its being written to, though each is what it was', async () => {
    const source = await openFile();
    await source.read(0, BLOCK);
    await utimes(inFolder('a.bin'), 5, 5);
    const reads = await Promise.allSettled(Array.from({ length: 64 }, () => source.read(0, BLOCK)));
    const failed = reads.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[];
    assert.ok(failed.length > 0 && failed.every(({ reason }) => failing('fileChanged')(reason)));
    await source.close();
  });

  it('ends with fileUnreadable where its drive does not know it any more when it is looked at', async () => {
    using drive = forgettingDrive(/a\.bin$/);
    const source = await openFile();
    await source.read(3 * BLOCK, 100);
    drive.forget();
    await assert.rejects(source.digest(), failing('fileUnreadable'));
    await source.close();
  });

  it('gives no digest when it became longer, or was written to, while it was read', async () => {
    for (const change of [() => appendFile(inFolder('a.bin'), 'x'), () => utimes(inFolder('a.bin'), 5, 5)]) {
      const source = await openFile();
      await source.read(3 * BLOCK, 100);
      await change();
      await assert.rejects(source.digest(), failing('fileChanged'));
      await source.close();
    }
  });
});
