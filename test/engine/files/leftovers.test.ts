import assert from 'node:assert/strict';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { mock } from 'node:test';
import type { TransferState } from '../../../src/contract/transfer.ts';
import {
  sweepNotes,
  sweepPartials,
  sweepPictureCopies,
  sweepThumbnails,
} from '../../../src/engine/files/leftovers.ts';
import { ReceivedFiles } from '../../../src/engine/files/receivedFiles.ts';
import { DiskCalls } from '../../../src/engine/io/diskCalls.ts';
import { DiskThreads } from '../../../src/engine/io/diskThreads.ts';
import { alwaysQuiet } from '../../../src/engine/io/quiet.ts';
import { SaveFolder } from '../../../src/engine/io/saveFolder.ts';
import type { TransfersTable } from '../../../src/engine/store/transfers.ts';
import { LONGEST_DISK_CALL_MS } from '../../../src/engine/transfer/carrierParams.ts';
import { fallingSilent } from '../../support/badDisks.ts';
import { realTimers } from '../../support/realTimers.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { ALI, StoreFile } from '../store/support.ts';

const ON_ITS_WAY = '1'.repeat(32);
const OVER = '209f'.repeat(8);
const UNKNOWN = '3'.repeat(32);
const SENT = '4'.repeat(32);
const REJECTED = '5'.repeat(32);

describe('when an engine starts after one that was killed', () => {
  const folder = temporaryFolder();
  let file: StoreFile;
  let transfers: TransfersTable;

  beforeEach(() => {
    file = new StoreFile();
    ({ transfers } = file.open());
    insert(ON_ITS_WAY, 'receive', { kind: 'waiting' });
    insert(OVER, 'receive', { kind: 'cancelled', by: 'me' });
    insert(SENT, 'send', { kind: 'waiting' });
  });
  afterEach(() => file.remove());

  function insert(
    id: string,
    direction: 'send' | 'receive',
    state: TransferState,
    place?: string,
    saved?: string,
  ): void {
    const look = { name: 'a.png', mediaType: 'image/png', sizeBytes: 1 };
    const where = { ...(place && { folder: place }), ...(saved && { path: saved }) };
    transfers.insert({ id, peer: ALI, direction, ...look, ...where, state });
  }

  async function left(
    names: readonly string[],
    sweep: (place: string, transfers: TransfersTable) => Promise<unknown>,
  ): Promise<string[]> {
    const place = path.join(folder.path, 'place');
    await mkdir(place);
    for (const name of names) await writeFile(path.join(place, name), '');
    await sweep(place, transfers);
    return (await readdir(place)).sort();
  }

  it('halves of files that are over go, and nobody else’s', async () => {
    const half = (id: string) => `.a.png.${id}.part`;
    const others = ['.hidden', 'a.png'];
    assert.deepEqual(
      await left([half(ON_ITS_WAY), half(OVER), half(UNKNOWN), half(SENT), ...others], (place) =>
        sweepPartials(new SaveFolder(new DiskCalls(), place), transfers),
      ),
      [half(ON_ITS_WAY), half(UNKNOWN), half(SENT), ...others].sort(),
    );
  });

  for (const call of ['readdir', 'rm'])
    it(`halves in a folder whose drive does not answer (${call}) are waited for in bounded time, and it is asked once`, async () => {
      const place = path.join(folder.path, 'gone');
      await mkdir(place);
      for (const id of [OVER, REJECTED]) await writeFile(path.join(place, `.a.png.${id}.part`), '');
      insert(REJECTED, 'receive', { kind: 'rejected' });
      using disk = fallingSilent(/[\\/]gone/);
      const disks = new DiskCalls();
      disk.sleep(call);
      mock.timers.enable({ apis: ['setTimeout'] });
      try {
        const swept = sweepPartials(new SaveFolder(disks, place), transfers);
        while (disk.asked.length === 0) await new Promise(setImmediate);
        mock.timers.tick(LONGEST_DISK_CALL_MS);
        await swept;
      } finally {
        realTimers();
      }
      assert.deepEqual(disk.asked, [call]);
      disk.wake();
      await disks.answered(place);
    });

  describe('in other folders than the one where files are saved now', () => {
    const log = { debug() {}, info() {}, warn() {}, error() {} };
    const half = `.a.png.${REJECTED}.part`;
    let files: ReceivedFiles;
    let other: string;
    const sweep = () => files.sweep(path.join(folder.path, 'place'), transfers);
    const isOwed = () => transfers.foldersOfOver().includes(other);

    beforeEach(async () => {
      files = new ReceivedFiles(folder.path, log, alwaysQuiet, new DiskThreads());
      other = path.join(folder.path, 'other');
      await mkdir(other);
      insert(REJECTED, 'receive', { kind: 'cancelled', by: 'me' }, other);
    });

    it('halves go, too, and are not looked for any more once none was there', async () => {
      await writeFile(path.join(other, half), '');
      await sweep();
      assert.deepEqual([await readdir(other), isOwed()], [[], true]);
      await sweep();
      assert.equal(isOwed(), false);
      await writeFile(path.join(other, half), '');
      await sweep();
      assert.deepEqual(await readdir(other), [half]);
    });

    it('halves are looked for again where the drive is not there', async () => {
      await rm(other, { recursive: true });
      await sweep();
      assert.equal(isOwed(), true);
    });

    it('halves are looked for in none after a drive that does not answer', async () => {
      insert(UNKNOWN, 'receive', { kind: 'rejected' }, path.join(other, 'deeper'));
      using disk = fallingSilent(/[\\/]other/);
      disk.sleep();
      mock.timers.enable({ apis: ['setTimeout'] });
      try {
        const swept = sweep();
        while (disk.asked.length === 0) await new Promise(setImmediate);
        mock.timers.tick(LONGEST_DISK_CALL_MS);
        await swept;
      } finally {
        realTimers();
      }
      assert.deepEqual([disk.asked, isOwed()], [['readdir'], true]);
      disk.wake();
    });

    it('nothing is asked of the store once the engine has ended', async () => {
      const swept = sweep();
      files.dispose();
      file.remove();
      await swept;
      file = new StoreFile();
    });

    it('files that are on their way or have come owe nothing', () => {
      const mine = path.join(folder.path, 'mine');
      insert(UNKNOWN, 'receive', { kind: 'waiting' }, mine);
      insert('6'.repeat(32), 'receive', { kind: 'done', at: 1, sha256: '' }, mine, path.join(mine, 'a.png'));
      insert('7'.repeat(32), 'send', { kind: 'rejected' }, mine);
      assert.deepEqual(transfers.foldersOfOver(), [other]);
    });
  });

  it('notes stay with the files that are on their way, in either direction', async () => {
    const notes = (id: string) => `${id}.blocks`;
    assert.deepEqual(await left([...[ON_ITS_WAY, OVER, UNKNOWN, SENT].map(notes), 'else'], sweepNotes), [
      notes(ON_ITS_WAY),
      notes(SENT),
      'else',
    ]);
  });

  it('copies of pictures stay with those that are on their way', async () => {
    const copy = (id: string) => `${id}.picture`;
    assert.deepEqual(await left([...[OVER, UNKNOWN, SENT].map(copy), 'else'], sweepPictureCopies), [
      copy(SENT),
      'else',
    ]);
  });

  it('thumbnails stay with offers that name them, over or not', async () => {
    for (const id of [OVER, SENT]) {
      const transfer = transfers.get(id);
      assert.ok(transfer);
      transfers.update({ ...transfer, thumbnailPath: `${id}.jpg` });
    }
    const thumbnails = [OVER, SENT, ON_ITS_WAY, UNKNOWN].map((id) => `${id}.jpg`);
    assert.deepEqual(await left(thumbnails, sweepThumbnails), [`${OVER}.jpg`, `${SENT}.jpg`]);
  });

  it('a folder that is not there is nothing to sweep', async () => {
    await assert.doesNotReject(sweepNotes(path.join(folder.path, 'none'), transfers));
  });
});
