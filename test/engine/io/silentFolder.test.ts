// A file being received into a folder whose drive has gone: nothing that is asked of it is answered.

import assert from 'node:assert/strict';
import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { mock } from 'node:test';
import { DiskCalls } from '../../../src/engine/io/diskCalls.ts';
import { PageMemory } from '../../../src/engine/io/pageMemory.ts';
import { PartialFile, type PartialFileOptions } from '../../../src/engine/io/partialFile.ts';
import { alwaysQuiet } from '../../../src/engine/io/quiet.ts';
import { LONGEST_DISK_CALL_MS } from '../../../src/engine/transfer/carrierParams.ts';
import { fallingSilent } from '../../support/badDisks.ts';
import { fileDigestOf } from '../../support/fileDigestOf.ts';
import { realTimers } from '../../support/realTimers.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const BYTES = Buffer.alloc(100, 7);
const DIGEST = fileDigestOf(BYTES);
const ID = '00112233445566778899aabbccddeeff';
const HOUR_MS = 3_600_000;

describe('a file for a folder that does not answer', () => {
  const root = temporaryFolder();
  let disks: DiskCalls;
  let disk: ReturnType<typeof fallingSilent>;

  const optionsIn = (name: string): PartialFileOptions => ({
    ...{ folder: path.join(root.path, name), notesFolder: path.join(root.path, 'notes') },
    ...{ name: 'a.png', transferId: ID, sizeBytes: BYTES.length },
    ...{ disks, memory: new PageMemory(), quiet: alwaysQuiet },
  });
  const slow = (name: string) => ({
    failure: { code: 'folderSlow', details: { path: path.join(root.path, name) } },
  });
  const filesIn = (name: string) => readdir(path.join(root.path, name));
  /** The test's own time limit is its end. */
  async function emptied(name: string): Promise<void> {
    while ((await filesIn(name)).length > 0) await new Promise(setImmediate);
  }
  /** Fails in bounded time; the clock is moved once something is asked there. */
  async function givenUp(work: () => Promise<unknown>): Promise<void> {
    const asked = disk.asked.length;
    const refused = assert.rejects(work(), slow('gone'));
    while (disk.asked.length === asked) await new Promise(setImmediate);
    mock.timers.tick(LONGEST_DISK_CALL_MS + 1_000);
    await refused;
  }

  beforeEach(async () => {
    disks = new DiskCalls();
    await mkdir(path.join(root.path, 'gone'));
    disk = fallingSilent(/[\\/]gone/);
    mock.timers.enable({ apis: ['setTimeout'] });
  });
  afterEach(() => {
    realTimers();
    mock.restoreAll();
    disk[Symbol.dispose]();
  });

  for (const call of ['mkdir', 'statfs', 'open'])
    it(`is given up where ${call} hangs, and leaves nothing, however late the drive answers`, async () => {
      disk.sleep(call);
      await givenUp(() => PartialFile.open(optionsIn('gone')));
      assert.deepEqual(await filesIn('notes'), []);
      disk.wake();
      await disks.answered(path.join(root.path, 'gone'));
      assert.deepEqual(await filesIn('gone'), []);
    });

  it('is asked for once, until it has answered', async () => {
    disk.sleep();
    await givenUp(() => PartialFile.open(optionsIn('gone')));
    const { length } = disk.asked;
    for (let times = 1; times <= 5; times++)
      await assert.rejects(PartialFile.open(optionsIn('gone')), slow('gone'));
    assert.equal(disk.asked.length, length);
    disk.wake();
    await disks.answered(path.join(root.path, 'gone'));
    const partial = await PartialFile.open(optionsIn('gone'));
    await partial.write(0, BYTES);
    assert.equal(await partial.finish(DIGEST), path.join(root.path, 'gone', 'a.png'));
  });

  it('holds two of the few threads by which disks are asked, however many files are for it', async () => {
    disk.sleep();
    const ids = [...'12345'].map((digit) => digit.repeat(32));
    const opening = ids.map((transferId) => PartialFile.open({ ...optionsIn('gone'), transferId }));
    const other = await PartialFile.open(optionsIn('other'));
    assert.equal(disk.asked.length, 2);
    disk.wake();
    for (const partial of [other, ...(await Promise.all(opening))]) await partial.discard();
    assert.deepEqual([await filesIn('gone'), await filesIn('other')], [[], []]);
  });

  it('can go to another folder meanwhile, and what comes late does not touch that', async () => {
    disk.sleep('open');
    await givenUp(() => PartialFile.open(optionsIn('gone')));
    const partial = await PartialFile.open(optionsIn('other'));
    await partial.write(0, BYTES);
    disk.wake();
    await disks.answered(path.join(root.path, 'gone'));
    assert.deepEqual(await filesIn('gone'), []);
    assert.deepEqual(await filesIn('notes'), [`${ID}.blocks`]);
    assert.equal(await partial.finish(DIGEST), path.join(root.path, 'other', 'a.png'));
  });

  it('is not opened any more where the person has called that off', async () => {
    disk.sleep('open');
    const abort = new AbortController();
    const opening = assert.rejects(PartialFile.open(optionsIn('gone'), abort.signal), {
      failure: { code: 'engineGone', details: {} },
    });
    while (disk.asked.length === 0) await new Promise(setImmediate);
    abort.abort();
    await opening;
    await assert.rejects(PartialFile.open(optionsIn('gone')), slow('gone'));
    disk.wake();
    await disks.answered(path.join(root.path, 'gone'));
    assert.deepEqual([await filesIn('gone'), await filesIn('notes')], [[], []]);
  });

  it('fails where a block is not taken, and goes as soon as the drive is back', async () => {
    const partial = await PartialFile.open(optionsIn('gone'));
    disk.sleep();
    await givenUp(() => partial.write(0, BYTES));
    await partial.discard();
    assert.deepEqual(await filesIn('notes'), []);
    disk.wake();
    await emptied('gone');
  });

  it('has as long after a sleep of the computer as before it, though macOS and Windows count the sleep', async () => {
    let now = 0;
    mock.method(performance, 'now', () => now);
    const partial = await PartialFile.open(optionsIn('gone'));
    disk.sleep();
    const writing = partial.write(0, BYTES);
    while (disk.asked.length === 0) await new Promise(setImmediate);
    now += HOUR_MS;
    mock.timers.tick(LONGEST_DISK_CALL_MS);
    now += LONGEST_DISK_CALL_MS - 1;
    mock.timers.tick(LONGEST_DISK_CALL_MS - 1);
    disk.wake();
    await writing;
    assert.equal(await partial.finish(DIGEST), path.join(root.path, 'gone', 'a.png'));
  });

  for (const call of ['sync', 'stat', 'open', 'rename'])
    it(`fails where ${call} hangs at the end, and goes as soon as the drive is back`, async () => {
      const partial = await PartialFile.open(optionsIn('gone'));
      disk.sleep(call);
      await givenUp(() => partial.write(0, BYTES).then(() => partial.finish(DIGEST)));
      assert.deepEqual(await filesIn('notes'), []);
      disk.wake();
      await emptied('gone');
    });
});
