import assert from 'node:assert/strict';
import { type FileHandle, open, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { BlockNotes } from '../../../src/engine/io/blockNotes.ts';
import { BlockWriter } from '../../../src/engine/io/blockWriter.ts';
import { alwaysQuiet } from '../../../src/engine/io/quiet.ts';
import { changeVectorWrites } from '../../support/badDisks.ts';
import { randomBytesOf } from '../../support/randomBytes.ts';
import { seededRandom } from '../../support/seededRandom.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { until } from '../../support/until.ts';

const BLOCK = 65_536;
const BYTES = randomBytesOf(seededRandom(1), 6 * BLOCK + 100);

describe('the writer of blocks', () => {
  const folder = temporaryFolder();
  let file: FileHandle;
  let notes: BlockNotes;
  let writer: BlockWriter;
  const place = () => path.join(folder.path, 'file');
  const notesPlace = () => ({ notesFolder: folder.path, transferId: 'f'.repeat(32) });

  beforeEach(async () => {
    file = await open(place(), 'wx+');
    notes = await BlockNotes.open(notesPlace(), BYTES.length);
    writer = new BlockWriter(file, notes, alwaysQuiet);
  });
  afterEach(async () => {
    await file.close();
    await notes.close();
  });

  const write = (block: number) => writer.write(block, BYTES.subarray(block * BLOCK, (block + 1) * BLOCK));

  /** How many buffers each call to the system had. */
  function countWrites(): number[] {
    const counts: number[] = [];
    changeVectorWrites(file, (writev) => (buffers, offset) => {
      counts.push(buffers.length);
      return writev(buffers, offset);
    });
    return counts;
  }

  it('writes blocks that come together with one call for each row of them', async () => {
    const counts = countWrites();
    await Promise.all([6, 1, 0, 3, 4, 2].map(write));
    assert.deepEqual(counts, [5, 1]);
    await write(5);
    assert.deepEqual(await readFile(place()), BYTES);
  });

  it('waits while something goes before files, and writes nothing for whoever closes it meanwhile', async () => {
    const counts = countWrites();
    let calm = Promise.withResolvers<void>();
    writer = new BlockWriter(file, notes, () => calm.promise);
    const written = Promise.all([write(0), write(1)]);
    await notes.flush();
    await new Promise(setImmediate);
    assert.deepEqual(counts, []);
    calm.resolve();
    await written;
    assert.deepEqual(counts, [2]);
    calm = Promise.withResolvers();
    const late = write(2);
    await notes.flush();
    writer.close();
    calm.resolve();
    await late;
    assert.deepEqual(counts, [2]);
  });

  it('hashes nothing meanwhile, and afterwards four blocks in a turn of the loop', async () => {
    const many = randomBytesOf(seededRandom(2), 16 * BLOCK);
    await notes.close();
    notes = await BlockNotes.open({ ...notesPlace(), transferId: 'e'.repeat(32) }, many.length);
    let calm = Promise.withResolvers<void>();
    writer = new BlockWriter(file, notes, () => calm.promise);
    const blocks = Array.from({ length: 16 }, (_, i) => i);
    const written = Promise.all(
      blocks.map((i) => writer.write(i, many.subarray(i * BLOCK, (i + 1) * BLOCK))),
    );
    const aTurn = () => new Promise(setImmediate);
    await aTurn();
    assert.equal(notes.count, 0);
    calm.resolve();
    const counts = [0];
    for (; notes.count < 8; await aTurn()) counts.push(notes.count);
    // Something else goes first in the middle.
    calm = Promise.withResolvers();
    for (let turns = 0; turns < 20; turns++) await aTurn();
    const inBetween = notes.count;
    for (let turns = 0; turns < 20; turns++) await aTurn();
    assert.equal(notes.count, inBetween);
    calm.resolve();
    for (; notes.count < 16; await aTurn()) counts.push(notes.count);
    counts.push(16);
    assert.ok(inBetween < 16);
    for (const [i, count] of counts.entries()) assert.ok(count - (counts[i - 1] ?? 0) <= 4, `${counts}`);
    await written;
    assert.deepEqual(await readFile(place()), many);
  });

  it('gives the system two rows at once, and gathers what comes meanwhile', async () => {
    const held: { length: number; go: () => void }[] = [];
    changeVectorWrites(file, (writev) => async (buffers, offset) => {
      await new Promise<void>((go) => held.push({ length: buffers.length, go }));
      return writev(buffers, offset);
    });
    const heldAre = (...lengths: number[]) =>
      until(
        `writes of ${lengths} blocks`,
        5_000,
        async () => `${held.map(({ length }) => length)}` === `${lengths}`,
      );
    const written = [write(0)];
    await heldAre(1);
    written.push(write(1));
    await heldAre(1, 1);
    written.push(...[2, 3, 4].map(write));
    await notes.flush();
    held[0]?.go();
    await heldAre(1, 1, 3);
    for (const { go } of held) go();
    await Promise.all(written);
    assert.deepEqual(await readFile(place()), BYTES.subarray(0, 5 * BLOCK));
  });

  it('goes on where the system has ended a write early', async () => {
    changeVectorWrites(file, (writev) => ([first = Buffer.alloc(0)], offset) => {
      return writev([first.subarray(0, 1 + first.length / 2)], offset);
    });
    await Promise.all([0, 1, 2].map(write));
    assert.deepEqual(await readFile(place()), BYTES.subarray(0, 3 * BLOCK));
  });

  it('has noted what it writes before', async () => {
    let noted: number[] = [];
    changeVectorWrites(file, (writev) => async (buffers, offset) => {
      const again = await BlockNotes.open(notesPlace(), BYTES.length);
      noted = [...again.notedFrom(0)];
      await again.close();
      return writev(buffers, offset);
    });
    await Promise.all([3, 1].map(write));
    assert.deepEqual(noted, [1, 3]);
  });

  it('tells all who wait for a write that fails, and goes on', async () => {
    const { writev } = file;
    file.writev = () => Promise.reject(new Error('no room'));
    await Promise.all([0, 1].map((block) => assert.rejects(write(block), /no room/)));
    file.writev = writev;
    await write(0);
    assert.deepEqual(await readFile(place()), BYTES.subarray(0, BLOCK));
  });

  it('writes nothing more when it is closed', async () => {
    const writing = [0, 1].map(write);
    writer.close();
    await Promise.all(writing);
    assert.equal((await stat(place())).size, 0);
  });
});
