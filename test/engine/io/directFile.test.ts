import assert from 'node:assert/strict';
import { constants } from 'node:fs';
import {
  type FileHandle,
  open,
  readdir,
  readFile,
  readlink,
  rename,
  statfs,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import { BlockNotes } from '../../../src/engine/io/blockNotes.ts';
import { BlockWriter } from '../../../src/engine/io/blockWriter.ts';
import { DirectFile, type OpenFile } from '../../../src/engine/io/directFile.ts';
import { PageMemory } from '../../../src/engine/io/pageMemory.ts';
import { alwaysQuiet } from '../../../src/engine/io/quiet.ts';
import { randomBytesOf } from '../../support/randomBytes.ts';
import { seededRandom } from '../../support/seededRandom.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const BLOCK = 65_536;
const LARGE = 16 * 1024 * 1024;
const EXT4 = 0xef53;
const XFS = 0x58465342;
const BYTES = randomBytesOf(seededRandom(1), 20 * BLOCK + 100);

const blocksAt = (...numbers: number[]) =>
  numbers.map((block) => BYTES.subarray(block * BLOCK, (block + 1) * BLOCK));

describe('a large file that is received', () => {
  const folder = temporaryFolder();
  const opened: OpenFile[] = [];
  const place = () => path.join(folder.path, 'file');

  afterEach(async () => {
    for (const file of opened.splice(0)) await file.close();
  });

  async function made(): Promise<FileHandle> {
    const file = await open(place(), 'wx+');
    opened.push(file);
    return file;
  }

  async function around(sizeBytes: number): Promise<OpenFile> {
    const file = await DirectFile.around(await made(), place(), sizeBytes, new PageMemory());
    opened.push(file);
    return file;
  }

  /** With a stand-in for the second handle, as no disk here refuses or tires. */
  async function withDirect(writesOf: (file: FileHandle) => OpenFile['writev']): Promise<DirectFile> {
    const file = await made();
    const direct = new DirectFile(
      file,
      { writev: writesOf(file), close: async () => undefined },
      new PageMemory(),
    );
    opened.push(direct);
    return direct;
  }

  /** Whether this process has it open for direct I/O. */
  async function isOpenDirectly(): Promise<boolean> {
    for (const fd of await readdir('/proc/self/fd')) {
      if ((await readlink(`/proc/self/fd/${fd}`).catch(() => '')) !== place()) continue;
      const flags = /flags:\s*(\d+)/.exec(await readFile(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1];
      if ((Number.parseInt(flags ?? '0', 8) & constants.O_DIRECT) !== 0) return true;
    }
    return false;
  }

  const isForDirect = async () =>
    process.platform === 'linux' && [EXT4, XFS].includes((await statfs(folder.path)).type);

  it('is written past the cache, where the disk is of a kind for which that was measured', async () => {
    const file = await around(LARGE);
    const isForIt = await isForDirect();
    assert.equal(file instanceof DirectFile, isForIt);
    if (isForIt) assert.equal(await isOpenDirectly(), true);
  });

  it('is written from memory that such a disk takes', async () => {
    const memory = new PageMemory().take() ?? Buffer.alloc(0);
    BYTES.copy(memory);
    const direct = await open(place(), 'wx').then(async (file) => {
      await file.close();
      return open(place(), constants.O_WRONLY | ((await isForDirect()) ? constants.O_DIRECT : 0));
    });
    assert.equal((await direct.writev([memory.subarray(0, 2 * BLOCK)], BLOCK)).bytesWritten, 2 * BLOCK);
    await direct.close();
    assert.deepEqual((await readFile(place())).subarray(BLOCK), BYTES.subarray(0, 2 * BLOCK));
  });

  it('is an ordinary one where it is small', async () => {
    assert.equal((await around(LARGE - 1)) instanceof DirectFile, false);
  });

  it('holds what was written, whole blocks or not, in any order', async () => {
    const file = await around(LARGE);
    const [whole, last] = [
      await file.writev(blocksAt(8, 9, 10), 8 * BLOCK),
      await file.writev(blocksAt(19, 20), 19 * BLOCK),
    ];
    assert.deepEqual([whole.bytesWritten, last.bytesWritten], [3 * BLOCK, BLOCK + 100]);
    await Promise.all([
      file.writev(blocksAt(0, 1, 2, 3, 4, 5, 6, 7), 0),
      file.writev(blocksAt(11, 12), 11 * BLOCK),
      file.writev(blocksAt(13, 14, 15, 16, 17, 18), 13 * BLOCK),
    ]);
    await file.datasync();
    assert.equal((await file.stat()).size, BYTES.length);
    const read = Buffer.alloc(BYTES.length);
    assert.equal((await file.read(read, 0, read.length, 0)).bytesRead, BYTES.length);
    assert.deepEqual(read, BYTES);
    await file.close();
    assert.deepEqual(await readFile(place()), BYTES);
  });

  it('goes through the cache while all of that memory is lent', async () => {
    const held: (() => void)[] = [];
    const lengths: number[] = [];
    const file = await withDirect(() => async ([bytes = Buffer.alloc(0)]) => {
      lengths.push(bytes.length);
      await new Promise<void>((go) => held.push(go));
      return { bytesWritten: bytes.length };
    });
    const first = [0, 1, 2, 3, 4, 5, 6, 7].map((block) => file.writev(blocksAt(block), block * BLOCK));
    await file.writev(blocksAt(8), 8 * BLOCK);
    assert.deepEqual(lengths, Array(8).fill(BLOCK));
    assert.deepEqual((await readFile(place())).subarray(8 * BLOCK), BYTES.subarray(8 * BLOCK, 9 * BLOCK));
    for (const go of held) go();
    await Promise.all(first);
    const again = file.writev(blocksAt(9, 10), 9 * BLOCK);
    assert.deepEqual(lengths.slice(8), [2 * BLOCK]);
    held.at(-1)?.();
    await again;
  });

  it('goes through the cache where it is not written in whole sectors, or in more than one piece of that memory', async () => {
    let asked = 0;
    const file = await withDirect(() => async () => {
      asked++;
      return { bytesWritten: 0 };
    });
    await file.writev([BYTES.subarray(0, 100)], 0);
    await file.writev(blocksAt(0), 100);
    await file.writev(blocksAt(0, 1, 2, 3, 4, 5, 6, 7, 8), 0);
    assert.equal(asked, 0);
  });

  it('is written as ever once the disk refuses its memory', async () => {
    let asked = 0;
    const file = await withDirect(() => async () => {
      asked++;
      throw Object.assign(new Error('EINVAL'), { code: 'EINVAL' });
    });
    await Promise.all([file.writev(blocksAt(0, 1), 0), file.writev(blocksAt(2), 2 * BLOCK)]);
    await file.writev(blocksAt(3), 3 * BLOCK);
    assert.equal(asked, 2);
    assert.deepEqual(await readFile(place()), BYTES.subarray(0, 4 * BLOCK));
  });

  it('fails as its disk does', async () => {
    const noRoom = Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
    const file = await withDirect(() => () => Promise.reject(noRoom));
    await assert.rejects(file.writev(blocksAt(0), 0), { code: 'ENOSPC' });
  });

  it('goes on in the middle of a block where a write has ended early', async () => {
    const direct = await withDirect((file) => ([bytes = Buffer.alloc(0)], offset) => {
      return file.writev([bytes.subarray(0, 1 + bytes.length / 2)], offset);
    });
    const notes = await BlockNotes.open(
      { notesFolder: folder.path, transferId: 'f'.repeat(32) },
      BYTES.length,
    );
    const writer = new BlockWriter(direct, notes, alwaysQuiet);
    await Promise.all(blocksAt(0, 1, 2, 3).map((bytes, block) => writer.write(block, bytes)));
    await notes.close();
    assert.deepEqual(await readFile(place()), BYTES.subarray(0, 4 * BLOCK));
  });

  it('is never another file that somebody has put there', async () => {
    const file = await made();
    await rename(place(), `${place()} before`);
    await writeFile(place(), 'theirs');
    const still = await DirectFile.around(file, place(), LARGE, new PageMemory());
    assert.equal(still, file);
    await still.writev(blocksAt(0), 0);
    assert.equal(await readFile(place(), 'utf8'), 'theirs');
  });
});
