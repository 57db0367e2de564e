import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { appendFile, mkdir, rename, truncate, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { SourceFile, stampOf } from '../../../src/engine/io/sourceFile.ts';
import { randomBytesOf } from '../../support/randomBytes.ts';
import { seededRandom } from '../../support/seededRandom.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const BLOCK = 65_536;
const BYTES = randomBytesOf(seededRandom(1), 3 * BLOCK + 100);
const SHA256 = createHash('sha256').update(BYTES).digest('hex');

function failing(code: string): (error: unknown) => boolean {
  return (error) => (error as { failure?: { code: string } }).failure?.code === code;
}

describe('a file being sent', () => {
  const folder = temporaryFolder();
  const inFolder = (name: string) => path.join(folder.path, name);

  async function openFile(startAt = 0): Promise<SourceFile> {
    await writeFile(inFolder('a.bin'), BYTES);
    return SourceFile.open(inFolder('a.bin'), await stampOf(inFolder('a.bin')), startAt);
  }

  it('is read block by block, and its digest is that of all of it', async () => {
    const source = await openFile();
    const offsets = [0, BLOCK, 2 * BLOCK, 3 * BLOCK];
    const reads = offsets.map((at) => source.read(at, Math.min(BLOCK, BYTES.length - at)));
    assert.deepEqual(Buffer.concat(await Promise.all(reads)), BYTES);
    assert.equal(await source.digest(), SHA256);
    await source.close();
  });

  it('has the digest of all of it when a session begins in the middle', async () => {
    const source = await openFile(2 * BLOCK);
    assert.deepEqual(await source.read(2 * BLOCK, BLOCK), BYTES.subarray(2 * BLOCK, 3 * BLOCK));
    await source.read(3 * BLOCK, 100);
    assert.equal(await source.digest(), SHA256);
    await source.close();
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

  it('is refused when it is not there, a folder, or empty', async () => {
    await assert.rejects(stampOf(inFolder('none')), failing('fileUnreadable'));
    await mkdir(inFolder('folder'));
    await assert.rejects(stampOf(inFolder('folder')), failing('fileUnreadable'));
    await writeFile(inFolder('empty'), '');
    await assert.rejects(stampOf(inFolder('empty')), failing('fileEmpty'));
    await assert.rejects(
      SourceFile.open(inFolder('none'), { sizeBytes: 1, modifiedAt: 1 }),
      failing('fileUnreadable'),
    );
  });

  it('is refused when it is not the one that was offered', async () => {
    await writeFile(inFolder('a.bin'), BYTES);
    const stamp = await stampOf(inFolder('a.bin'));
    await writeFile(inFolder('b.bin'), randomBytesOf(seededRandom(2), BYTES.length));
    await utimes(inFolder('b.bin'), 1, 1);
    await rename(inFolder('b.bin'), inFolder('a.bin'));
    await assert.rejects(SourceFile.open(inFolder('a.bin'), stamp), failing('fileChanged'));
  });

  it('ends with fileChanged when it becomes shorter while it is read', async () => {
    const source = await openFile();
    await source.read(0, BLOCK);
    await truncate(inFolder('a.bin'), BLOCK + 10);
    await assert.rejects(source.read(BLOCK, BLOCK), failing('fileChanged'));
    await source.close();
  });

  it('gives no digest when it became longer, or was written to, while it was read', async () => {
    for (const change of [() => appendFile(inFolder('a.bin'), 'x'), () => utimes(inFolder('a.bin'), 5, 5)]) {
      const source = await openFile(3 * BLOCK);
      await source.read(3 * BLOCK, 100);
      await change();
      await assert.rejects(source.digest(), failing('fileChanged'));
      await source.close();
    }
  });
});
