import assert from 'node:assert/strict';
import { readFile, stat, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { BlockNotes } from '../../../src/engine/io/blockNotes.ts';
import { digestOfBlock } from '../../../src/engine/io/fileDigest.ts';
import { failsOnce, fullForAMoment, halfHeartedDisk } from '../../support/badDisks.ts';
import { fileDigestOf } from '../../support/fileDigestOf.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const BLOCK = 65_536;
const BYTES = Buffer.alloc(3 * BLOCK + 5, 'abcde');
const blockOf = (block: number) => BYTES.subarray(block * BLOCK, (block + 1) * BLOCK);
const digestOf = (block: number) => digestOfBlock(blockOf(block));

describe('notes about the blocks of a file', () => {
  const folder = temporaryFolder();
  const transferId = '0123456789abcdef'.repeat(2);
  const opened: BlockNotes[] = [];
  async function open(sizeBytes = BYTES.length): Promise<BlockNotes> {
    const notes = await BlockNotes.open({ notesFolder: folder.path, transferId }, sizeBytes);
    opened.push(notes);
    return notes;
  }
  afterEach(async () => {
    for (const notes of opened.splice(0)) await notes.close();
  });
  const place = () => path.join(folder.path, `${transferId}.blocks`);

  async function notesOf(blocks: readonly number[]): Promise<BlockNotes> {
    const notes = await open();
    await Promise.all(blocks.map((block) => notes.note(block, digestOf(block))));
    return notes;
  }

  it('are known to the next engine as soon as they are made, in any order', async () => {
    await notesOf([3, 0, 1]);
    const notes = await open();
    assert.deepEqual([...notes.notedFrom(0)], [0, 1, 3]);
    assert.equal(notes.firstMissing, 2);
    assert.deepEqual(await notes.digestOf(3), digestOf(3));
    assert.equal(await notes.digest(), undefined);
    await notes.note(2, digestOf(2));
    assert.equal(await notes.digest(), fileDigestOf(BYTES));
  });

  it('lie where their page says', async () => {
    const notes = await notesOf([1]);
    await notes.markDurable(2);
    await notes.markName('نام.png');
    await notes.markChanged(1_700_000_000_000.5);
    const bytes = await readFile(place());
    assert.equal(bytes.toString('latin1', 0, 8), 'hamta-b1');
    assert.equal(bytes.readBigUInt64BE(8), BigInt(BYTES.length));
    assert.equal(bytes.readUInt32BE(16), 2);
    assert.equal(bytes.toString('utf8', 22, 22 + bytes.readUInt16BE(20)), 'نام.png');
    assert.equal(bytes.readDoubleBE(504), 1_700_000_000_000.5);
    assert.deepEqual(bytes.subarray(512), Buffer.concat([Buffer.alloc(32), digestOf(1)]));
  });

  it('keep the mark, the name and the time of the last change, and the last name alone', async () => {
    const notes = await notesOf([0]);
    await notes.markDurable(1);
    await notes.markName('a long name.png');
    await notes.markName('b.png');
    await notes.markChanged(5.5);
    const again = await open();
    assert.deepEqual([again.durableBlocks, again.name, again.changedAt], [1, 'b.png', 5.5]);
    await again.reset();
    const empty = await open();
    assert.deepEqual([empty.durableBlocks, empty.name, empty.changedAt, empty.count], [0, '', 0, 0]);
  });

  it('of another file, of garbage or cut short count as far as they can', async () => {
    await notesOf([0, 1]);
    assert.equal((await open(BYTES.length + 1)).count, 0);
    await writeFile(place(), 'garbage'.repeat(1_000));
    assert.equal((await open()).count, 0);
    await notesOf([0, 1]);
    await truncate(place(), 512 + 32 + 31);
    assert.deepEqual([...(await open()).notedFrom(0)], [0]);
  });

  it('that could not be written are written with those that came meanwhile', async () => {
    using _ = failsOnce(/\.blocks$/, 512);
    const notes = await open();
    const lost = notes.note(1, digestOf(0));
    await Promise.resolve();
    notes.noteLater(1, digestOf(1));
    notes.noteLater(2, digestOf(2));
    await assert.rejects(lost, { code: 'ENOSPC' });
    assert.deepEqual(await notes.digestOf(1), digestOf(1));
    await notes.flush();
    const again = await open();
    assert.deepEqual([...again.notedFrom(0)], [1, 2]);
    assert.deepEqual(await again.digestOf(1), digestOf(1));
  });

  it('are written whole where the disk was full in the middle of them, and said so late', async () => {
    using _ = fullForAMoment(/\.blocks$/, 512 + 32 + 7);
    const notes = await open();
    for (const block of [0, 1, 2, 3]) notes.noteLater(block, digestOf(block));
    await assert.rejects(notes.flush(), { code: 'ENOSPC' });
    assert.equal(await notes.digest(), fileDigestOf(BYTES));
    assert.deepEqual([...(await open()).notedFrom(0)], [0, 1, 2, 3]);
  });

  it('go on where the system has ended a write early', async () => {
    using _ = halfHeartedDisk(/\.blocks$/);
    const notes = await notesOf([0, 1, 2, 3]);
    await notes.markName('a.png');
    const again = await open();
    assert.equal(again.name, 'a.png');
    assert.equal(await again.digest(), fileDigestOf(BYTES));
  });

  it('take 32 bytes for 64 KiB, and not more while a disk is slow', async () => {
    const sizeBytes = 2 ** 32;
    const notes = await open(sizeBytes);
    const digest = digestOf(0);
    await Promise.all(Array.from({ length: sizeBytes / BLOCK }, (_, block) => notes.note(block, digest)));
    assert.equal((await stat(place())).size, 512 + (32 * sizeBytes) / BLOCK);
    assert.equal((await open(sizeBytes)).firstMissing, undefined);
  });
});
