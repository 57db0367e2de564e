import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PartialFile } from '../../../src/engine/io/partialFile.ts';
import { randomBytesOf } from '../../support/randomBytes.ts';
import { seededRandom } from '../../support/seededRandom.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const BLOCK = 65_536;
const BYTES = randomBytesOf(seededRandom(1), 5 * BLOCK + 100);
const SHA256 = createHash('sha256').update(BYTES).digest('hex');
const TRANSFER_ID = '00112233445566778899aabbccddeeff';

function failing(code: string): (error: unknown) => boolean {
  return (error) => (error as { failure?: { code: string } }).failure?.code === code;
}

describe('a file being received', () => {
  const folder = temporaryFolder();
  const options = (name = 'a.png') => ({
    folder: folder.path,
    name,
    transferId: TRANSFER_ID,
    sizeBytes: BYTES.length,
  });

  async function writeBlocks(partial: PartialFile, order: number[]): Promise<void> {
    await Promise.all(
      order.map((block) => partial.write(block * BLOCK, BYTES.subarray(block * BLOCK, (block + 1) * BLOCK))),
    );
  }

  async function receive(name?: string): Promise<string> {
    const partial = await PartialFile.create(options(name));
    await writeBlocks(partial, [0, 1, 2, 3, 4, 5]);
    return partial.finish(SHA256);
  }

  it('grows under a hidden name, and has its own when it is whole', async () => {
    const partial = await PartialFile.create(options());
    assert.deepEqual(await readdir(folder.path), [`.a.png.${TRANSFER_ID}.part`]);
    await writeBlocks(partial, [0, 1, 2, 3, 4, 5]);
    assert.equal(await partial.finish(SHA256), path.join(folder.path, 'a.png'));
    assert.deepEqual(await readdir(folder.path), ['a.png']);
    assert.deepEqual(await readFile(path.join(folder.path, 'a.png')), BYTES);
  });

  it('takes blocks in any order and more than once', async () => {
    const partial = await PartialFile.create(options());
    await writeBlocks(partial, [5, 1, 3, 1]);
    assert.equal(partial.contiguousBytes, 0);
    await writeBlocks(partial, [0, 0]);
    assert.equal(partial.contiguousBytes, 2 * BLOCK);
    await writeBlocks(partial, [4, 2, 5, 0]);
    assert.equal(partial.contiguousBytes, BYTES.length);
    assert.deepEqual(await readFile(await partial.finish(SHA256.toUpperCase())), BYTES);
  });

  it('never takes the name of another file', async () => {
    await writeFile(path.join(folder.path, 'a.png'), 'mine');
    assert.equal(await receive(), path.join(folder.path, 'a (2).png'));
    assert.equal(await receive(), path.join(folder.path, 'a (3).png'));
    assert.equal(await readFile(path.join(folder.path, 'a.png'), 'utf8'), 'mine');
  });

  it('gives files that end at the same moment different names', async () => {
    const partials = await Promise.all(
      ['1', '2', '3'].map((transferId) => PartialFile.create({ ...options(), transferId })),
    );
    for (const partial of partials) await writeBlocks(partial, [0, 1, 2, 3, 4, 5]);
    const places = await Promise.all(partials.map((partial) => partial.finish(SHA256)));
    assert.deepEqual(places.map((place) => path.basename(place)).sort(), ['a (2).png', 'a (3).png', 'a.png']);
    for (const place of places) assert.deepEqual(await readFile(place), BYTES);
  });

  it('stays in its folder whatever it is called', async () => {
    assert.equal(await receive('../../etc/passwd'), path.join(folder.path, 'passwd'));
    assert.equal(path.dirname(await receive(`${'ن'.repeat(300)}.png`)), folder.path);
    assert.equal(await receive('..'), path.join(folder.path, 'file'));
  });

  it('leaves nothing behind when its digest is another', async () => {
    const partial = await PartialFile.create(options());
    await writeBlocks(partial, [0, 1, 2, 3, 4, 5]);
    await assert.rejects(partial.finish('0'.repeat(64)), failing('digestMismatch'));
    assert.deepEqual(await readdir(folder.path), []);
  });

  it('leaves nothing behind when a part is missing', async () => {
    const partial = await PartialFile.create(options());
    await writeBlocks(partial, [0, 1, 2, 4, 5]);
    await assert.rejects(partial.finish(SHA256), failing('digestMismatch'));
    assert.deepEqual(await readdir(folder.path), []);
  });

  it('leaves nothing behind when it is given up, even in the middle of writing', async () => {
    const partial = await PartialFile.create(options());
    const writing = writeBlocks(partial, [0, 1, 2, 3, 4, 5]);
    await partial.discard();
    await writing;
    await partial.discard();
    await writeBlocks(partial, [0]);
    assert.deepEqual(await readdir(folder.path), []);
  });

  it('replaces what an engine that was killed left of the same transfer', async () => {
    await writeFile(path.join(folder.path, `.a.png.${TRANSFER_ID}.part`), 'old '.repeat(1e6));
    assert.deepEqual(await readFile(await receive()), BYTES);
  });

  it('makes its folder when that is missing', async () => {
    const deep = path.join(folder.path, 'new', 'deep');
    const partial = await PartialFile.create({ ...options(), folder: deep });
    assert.equal((await readdir(deep)).length, 1);
    await partial.discard();
  });

  it('is refused when its folder is none', async () => {
    await writeFile(path.join(folder.path, 'file'), '');
    const created = PartialFile.create({ ...options(), folder: path.join(folder.path, 'file') });
    await assert.rejects(created, failing('folderUnwritable'));
  });

  it('is refused when it does not fit the disk', async () => {
    const created = PartialFile.create({ ...options(), sizeBytes: 2 ** 52 });
    await assert.rejects(created, failing('diskFull'));
    assert.deepEqual(await readdir(folder.path), []);
  });
});
