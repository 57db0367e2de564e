// Files between real engines whose disks fail, fill up, are slow, or are changed by somebody else.

import assert from 'node:assert/strict';
import { appendFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Failure } from '../../src/contract/failure.ts';
import { asPicture } from '../support/asPicture.ts';
import {
  DiskCounter,
  fallingSilent,
  forbidden,
  fullDisk,
  lyingDisk,
  sleepingSource,
  slowDisk,
  slowToOpen,
} from '../support/badDisks.ts';
import { cutConnectionsTo } from '../support/cutRoads.ts';
import { type Person, Town } from '../support/engines.ts';
import { randomBytesOf } from '../support/randomBytes.ts';
import { seededRandom } from '../support/seededRandom.ts';

const MIB = 1024 * 1024;
const LONG = 32 * MIB;
const HALVES = /\.part$/;
const NOTES = /bob.blocks.[0-9a-f]{32}\.blocks$/;

for (const carrier of ['udp', 'tls'] as const)
  describe(`a file over ${carrier} whose disk`, function () {
    this.timeout(60_000);
    let town: Town;
    let sara: Person;
    let bob: Person;
    let source: string;
    const noise = randomBytesOf(seededRandom(1), LONG);
    const bytes = carrier === 'udp' ? asPicture(noise) : noise;

    beforeEach(async () => {
      town = await Town.open();
      [sara, bob] = await town.friends('sara', 'bob');
      source = path.join(town.folder, 'long.bin');
      await writeFile(source, bytes);
    });
    afterEach(() => town.close());

    async function offer(): Promise<{ id: string }> {
      const offered = await sara.request('offerFile', {
        peer: bob.fingerprint,
        path: source,
        asPicture: false,
      });
      await bob.window.transfer(offered.id, 'offered');
      return offered;
    }

    async function begin(): Promise<string> {
      const { id } = await offer();
      await bob.request('answerTransfer', { id, accept: true });
      return id;
    }

    const running = (person: Person, id: string) =>
      person.window.until(
        ({ transfers }) => transfers[id]?.state.kind === 'running' && transfers[id].state.bytes > MIB,
      );

    const failureOf = async (person: Person, id: string) => {
      const { state } = await person.window.transfer(id, 'failed');
      assert.ok(state.kind === 'failed');
      return state.failure;
    };

    /** `who` failed with `code`, the other one was told, and nothing is left of it on either side. Answers what `who` is told. */
    async function failsWith(who: Person, other: Person, id: string, code: string): Promise<Failure> {
      const [own, told] = await Promise.all([failureOf(who, id), failureOf(other, id)]);
      assert.equal(own.code, code);
      assert.deepEqual(told, { code: 'peerFailed', details: { name: 'long.bin', code } });
      await bob.emptied();
      for (const person of [sara, bob]) await without(path.join(person.dataDir, 'blocks'));
      return own;
    }

    async function without(folder: string): Promise<void> {
      for (const deadline = performance.now() + 5_000; (await readdir(folder)).length > 0; )
        assert.ok(performance.now() < deadline, `files are left in ${folder}`);
    }

    it('is full in the middle fails on both sides and leaves nothing', async () => {
      using _ = fullDisk(HALVES, 5 * MIB);
      const { details } = await failsWith(bob, sara, await begin(), 'diskFull');
      assert.deepEqual(details, { path: bob.downloads });
    });

    it('has no room for notes fails on both sides, by the name of their folder, and leaves nothing', async () => {
      using _ = fullDisk(NOTES, 4_096);
      const { details } = await failsWith(bob, sara, await begin(), 'diskFull');
      assert.deepEqual(details, { path: path.join(bob.dataDir, 'blocks') });
    });

    it('finds out at the end that it is full fails on both sides and leaves nothing', async () => {
      using _ = lyingDisk(HALVES);
      await failsWith(bob, sara, await begin(), 'diskFull');
    });

    it('is slow arrives, and little of it is in memory at any time', async () => {
      using counter = new DiskCounter(/[\\/]long\.bin$/, HALVES);
      using _ = slowDisk(HALVES, 3);
      const id = await begin();
      const { path: place = '' } = await bob.window.transfer(id, 'done', 50_000);
      assert.ok((await readFile(place)).equals(bytes));
      // A window of 16 MiB, and 1 MiB that the sender has read ahead: both ends together.
      assert.ok(counter.peakBytes <= 20 * MIB, `${counter.peakBytes} bytes were on the way`);
    });

    for (const [where, from] of [
      ['first', 0],
      ['middle', 16 * MIB],
    ] as const)
      it(`takes four seconds for the ${where} block of the source arrives, and no carrier is blamed`, async () => {
        using _ = sleepingSource(/[\\/]long\.bin$/, 4_000, from);
        const begun = performance.now();
        const id = await begin();
        const { path: place = '' } = await bob.window.transfer(id, 'done', 50_000);
        assert.ok(performance.now() - begun > 4_000);
        assert.ok((await readFile(place)).equals(bytes));
        const sessions = bob.log.flatMap(({ text }) => /over (\w+) from byte/.exec(text)?.[1] ?? []);
        assert.deepEqual(sessions, [carrier]);
      });

    it('takes four seconds to open the source keeps its road', async () => {
      // So short that no other road is worth a trial.
      const short = bytes.subarray(0, MIB);
      await writeFile(source, short);
      using _ = slowToOpen(/[\\/]long\.bin$/, 4_000);
      const id = await begin();
      const { path: place = '' } = await bob.window.transfer(id, 'done', 50_000);
      assert.ok((await readFile(place)).equals(short));
      const sessions = bob.log.flatMap(({ text }) => /over (\w+) from byte/.exec(text)?.[1] ?? []);
      assert.deepEqual(sessions, [carrier]);
    });

    it('loses the source fails on both sides with the next session', async () => {
      using _ = slowDisk(HALVES, 3);
      const id = await begin();
      await running(bob, id);
      await rm(source);
      assert.ok(cutConnectionsTo(bob.port) + cutConnectionsTo(sara.port) > 0);
      await failsWith(sara, bob, id, 'fileUnreadable');
    });

    it('has another source than before, in the middle, fails on both sides', async () => {
      using _ = slowDisk(HALVES, 3);
      const id = await begin();
      await running(bob, id);
      await appendFile(source, 'one more word');
      await failsWith(sara, bob, id, 'fileChanged');
    });

    // Windows lets nobody take a folder away while a file in it is open.
    if (process.platform !== 'win32')
      it('loses the folder in the middle fails on both sides and leaves nothing', async () => {
        using _ = slowDisk(HALVES, 20);
        const id = await begin();
        await running(bob, id);
        await rename(bob.downloads, path.join(town.folder, 'moved'));
        await rm(path.join(town.folder, 'moved'), { recursive: true });
        await failsWith(bob, sara, id, 'folderUnwritable');
      });

    it('may not be written to keeps the offer open', async () => {
      const { id } = await offer();
      {
        using _ = forbidden(HALVES);
        assert.equal(await bob.failure('answerTransfer', { id, accept: true }), 'folderUnwritable');
        await bob.window.transfer(id, 'offered');
      }
      await bob.request('answerTransfer', { id, accept: true });
      await sara.window.transfer(id, 'done', 50_000);
    });

    it('takes no name in the end fails on both sides and leaves nothing', async () => {
      using _ = forbidden(/bob received[\\/]long\.bin$/);
      await failsWith(bob, sara, await begin(), 'folderUnwritable');
    });

    it('has no folder any more when the engine is back fails on both sides and leaves nothing', async () => {
      {
        using _ = slowDisk(HALVES, 3);
        const id = await begin();
        await running(bob, id);
        await bob.stop();
        await rm(bob.downloads, { recursive: true });
        await writeFile(bob.downloads, 'in the way');
        await bob.start();
        const [own, told] = await Promise.all([failureOf(bob, id), failureOf(sara, id)]);
        assert.equal(own.code, 'folderUnwritable');
        assert.equal(told.code, 'peerFailed');
      }
      await rm(bob.downloads);
      await mkdir(bob.downloads);
      for (const person of [sara, bob]) await without(path.join(person.dataDir, 'blocks'));
    });
  });

describe('a drive that has gone', () => {
  let town: Town;
  beforeEach(async () => {
    town = await Town.open();
  });
  afterEach(() => town.close());

  it('holds two of four threads, whatever is sent from there or saved there; a file of another drive comes meanwhile', async () => {
    const [sara, bob] = await town.friends('sara', 'bob');
    const gone = path.join(town.folder, 'gone');
    await mkdir(gone);
    const offer = async (name: string) => {
      const place = path.join(gone, name);
      await writeFile(place, 'on a drive');
      return () => sara.request('offerFile', { peer: bob.fingerprint, path: place, asPicture: false });
    };
    const offers = await Promise.all(['1', '2', '3', '4', '5'].map(offer));
    const source = path.join(town.folder, 'other.bin');
    await writeFile(source, 'on another one');
    const toSara = { peer: sara.fingerprint, path: source, asPicture: false };
    const { id } = await bob.request('offerFile', toSara);
    const { id: other } = await bob.request('offerFile', toSara);
    for (const each of [id, other]) await sara.window.transfer(each, 'offered');
    using disk = fallingSilent(/[\\/]gone/);
    disk.sleep();
    const offering = offers.map((each) => each());
    const saving = sara.request('answerTransfer', { id, accept: true, folder: gone });
    await sara.request('answerTransfer', { id: other, accept: true });
    await bob.window.transfer(other, 'done');
    assert.equal(disk.asked.length, 2);
    disk.wake();
    await Promise.all([...offering, saving]);
    await bob.window.transfer(id, 'done');
  });
});
