// The digest of a file being sent: over how many sessions it is read, and which changes it does not pass over.

import assert from 'node:assert/strict';
import { rename, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { BlockNotes } from '../../../src/engine/io/blockNotes.ts';
import { alwaysQuiet, type Quiet } from '../../../src/engine/io/quiet.ts';
import { SourceFile, stampOf } from '../../../src/engine/io/sourceFile.ts';
import { countReads } from '../../support/badDisks.ts';
import { fileDigestOf } from '../../support/fileDigestOf.ts';
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

/** The clock that a disk's times are of may stand still for some ms. */
async function untilSeen(place: string, change: () => Promise<void>): Promise<void> {
  const { ctimeMs } = await stat(place);
  do await change();
  while ((await stat(place)).ctimeMs === ctimeMs);
}

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

  describe('whose notes are older than its last change of any kind', () => {
    const when = new Date(1_700_000_000_000);
    const other = randomBytesOf(seededRandom(2), BYTES.length);
    const put = async (bytes: Buffer) => {
      await writeFile(inFolder('a.bin'), bytes);
      await utimes(inFolder('a.bin'), when, when);
    };
    const read = async (source: SourceFile, ...blocks: number[]) => {
      for (const block of blocks) await source.read(block * BLOCK, lengthOf(block));
    };
    const readFirst = async () => {
      await put(BYTES);
      const first = await openFile();
      await read(first, 0, 1);
      await first.close();
    };

    it('ends with fileChanged where it is another one, for this engine and for the next', async () => {
      await readFirst();
      await untilSeen(inFolder('a.bin'), () => put(other));
      for (const isNext of [false, true]) {
        if (isNext) {
          await notes.close();
          notes = await openNotes();
        }
        const second = await openFile();
        if (!isNext) await read(second, 2, 3);
        await assert.rejects(second.digest(), failing('fileChanged'));
        await second.close();
      }
    });

    it('ends with fileChanged where it became another one behind what was read, in one session', async () => {
      await put(BYTES);
      const source = await openFile();
      await read(source, 0, 1);
      await untilSeen(inFolder('a.bin'), () => put(other));
      await read(source, 2, 3);
      await assert.rejects(source.digest(), failing('fileChanged'));
      await source.close();
    });

    it('is read once more, and not again, where it is what it was', async () => {
      await readFirst();
      await untilSeen(inFolder('a.bin'), async () => {
        await rename(inFolder('a.bin'), inFolder('b.bin'));
        await rename(inFolder('b.bin'), inFolder('a.bin'));
      });
      for (const againBytes of [BYTES.length, 0]) {
        const counts = { againBytes: 0 };
        const stamp = await stampOf(inFolder('a.bin'));
        const source = await SourceFile.open(inFolder('a.bin'), stamp, notes, { counts });
        if (againBytes > 0) await read(source, 2, 3);
        let groups = 0;
        assert.equal(await source.digest(() => groups++), DIGEST);
        assert.deepEqual([counts.againBytes, groups], [againBytes, againBytes > 0 ? 1 : 0]);
        await source.close();
      }
    });
  });

  describe('of twenty blocks, of which none is noted,', () => {
    const bytes = randomBytesOf(seededRandom(3), 20 * BLOCK);
    let notesOfTwenty: BlockNotes;
    beforeEach(async () => {
      const place = { notesFolder: inFolder('notes'), transferId: 'd'.repeat(32) };
      notesOfTwenty = await BlockNotes.open(place, bytes.length);
      await writeFile(inFolder('twenty.bin'), bytes);
    });
    afterEach(() => notesOfTwenty.close());

    const open = async (quiet: Quiet = alwaysQuiet) =>
      SourceFile.open(inFolder('twenty.bin'), await stampOf(inFolder('twenty.bin')), notesOfTwenty, {
        quiet,
      });

    /** Ends after its first group. */
    const digestCutShort = async () => {
      const source = await open();
      const closing = Promise.withResolvers<void>();
      await assert.rejects(
        source.digest(() => closing.resolve(source.close())),
        /closed/,
      );
      await closing.promise;
    };

    it('is read for its digest until it is closed, and by the next session from there on', async () => {
      using reads = countReads(inFolder('twenty.bin'));
      await digestCutShort();
      assert.deepEqual(reads.counts, [8]);
      const second = await open();
      assert.equal(await second.digest(), fileDigestOf(bytes));
      assert.deepEqual(reads.counts, [8, 8, 4]);
      await second.close();
    });

    it('is compared with older notes until it is closed, and by the next session from there on', async () => {
      const first = await open();
      await first.digest();
      await first.close();
      await notesOfTwenty.markChanged(1);
      using reads = countReads(inFolder('twenty.bin'));
      await digestCutShort();
      assert.deepEqual(reads.counts, [8]);
      const second = await open();
      assert.equal(await second.digest(), fileDigestOf(bytes));
      assert.deepEqual(reads.counts, [8, 8, 4]);
      await second.close();
    });

    it('is compared with older notes from the start where it was changed meanwhile', async () => {
      const place = inFolder('twenty.bin');
      const first = await open();
      await first.digest();
      await first.close();
      await notesOfTwenty.markChanged(1);
      await digestCutShort();
      const { modifiedAt } = await stampOf(place);
      await untilSeen(place, async () => {
        await writeFile(place, Buffer.concat([Buffer.alloc(BLOCK), bytes.subarray(BLOCK)]));
        await utimes(place, modifiedAt / 1_000, modifiedAt / 1_000);
      });
      const second = await open();
      await assert.rejects(second.digest(), failing('fileChanged'));
      await second.close();
    });

    it('is read for its digest when nothing goes before files, a group at a time, and says so of each', async () => {
      using reads = countReads(inFolder('twenty.bin'));
      let calm = Promise.withResolvers<void>();
      const source = await open(() => calm.promise);
      let told = 0;
      const digest = source.digest(() => {
        told++;
        calm = Promise.withResolvers();
      });
      for (const groups of [0, 1, 2, 3]) {
        while (told < groups) await new Promise(setImmediate);
        await new Promise(setImmediate);
        assert.deepEqual([reads.counts.length, told], [groups, groups]);
        calm.resolve();
      }
      assert.equal(await digest, fileDigestOf(bytes));
      await source.close();
    });

    it('is not read any more for those who wait when it is closed', async () => {
      using reads = countReads(inFolder('twenty.bin'));
      const source = await open();
      const all = [...Array(20).keys()].map((block) => source.read(block * BLOCK, BLOCK));
      const ends = Promise.allSettled(all);
      await all[0];
      await source.close();
      const read = (await ends).map(({ status }) => status);
      assert.deepEqual(read, [...Array(8).fill('fulfilled'), ...Array(12).fill('rejected')]);
      assert.deepEqual(reads.counts, [8]);
    });
  });
});
