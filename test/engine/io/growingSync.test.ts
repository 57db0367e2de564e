import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { GrowingSync } from '../../../src/engine/io/growingSync.ts';

/** Blocks in 2 MiB. */
const PART = 32;

class SlowDisk {
  syncs = 0;
  readonly noted: number[] = [];
  now = 0;
  #underWay: ReturnType<typeof Promise.withResolvers<void>> | undefined;

  readonly file = new GrowingSync(
    () => {
      this.syncs++;
      this.#underWay = Promise.withResolvers<void>();
      return this.#underWay.promise;
    },
    this.notes,
    { now: () => this.now },
  );

  get notes() {
    const { noted } = this;
    return {
      get durableBlocks() {
        return noted.at(-1) ?? 0;
      },
      markDurable: async (blocks: number) => void noted.push(blocks),
    };
  }

  /** The sync that is under way ends after so many ms … */
  async endOne(tookMs: number, error?: Error): Promise<void> {
    this.now += tookMs;
    if (error === undefined) this.#underWay?.resolve();
    else this.#underWay?.reject(error);
    await turn();
  }

  /** … and no other one follows it. */
  async end(tookMs: number, error?: Error): Promise<void> {
    await this.endOne(tookMs, error);
    await this.file.settled();
  }
}

describe('The syncs of a file that grows', () => {
  it('are of 2 MiB each, and one at a time', async () => {
    const disk = new SlowDisk();
    disk.file.reach(PART - 1);
    assert.equal(disk.syncs, 0);
    disk.file.reach(PART);
    disk.file.reach(4 * PART);
    assert.equal(disk.syncs, 1);
    await disk.end(0);
    disk.file.reach(4 * PART);
    assert.equal(disk.syncs, 2);
  });

  it('leave the disk alone for as long as they took', async () => {
    const disk = new SlowDisk();
    disk.file.reach(PART);
    await disk.end(20);
    disk.now += 19;
    disk.file.reach(7 * PART);
    assert.equal(disk.syncs, 1);
    disk.now += 1;
    disk.file.reach(7 * PART);
    assert.equal(disk.syncs, 2);
  });

  it('are noted for a power cut every 16 MiB, when they have ended', async () => {
    const disk = new SlowDisk();
    for (let part = 1; part < 8; part++) {
      disk.file.reach(part * PART);
      await disk.end(0);
    }
    assert.deepEqual(disk.noted, []);
    disk.file.reach(8 * PART);
    assert.deepEqual(disk.noted, []);
    await disk.end(0);
    assert.deepEqual(disk.noted, [8 * PART]);
  });

  it('are noted as soon as one has ended that 16 MiB came in', async () => {
    const disk = new SlowDisk();
    disk.file.reach(PART);
    disk.file.reach(8 * PART + 3);
    await disk.endOne(1);
    assert.equal(disk.syncs, 2);
    await disk.end(1);
    assert.deepEqual(disk.noted, [8 * PART + 3]);
  });

  it('end with one that failed: the disk would say of the next that all is well', async () => {
    const disk = new SlowDisk();
    disk.file.reach(8 * PART);
    await disk.endOne(0, new Error('EIO'));
    assert.throws(() => disk.file.reach(16 * PART), /EIO/);
    await assert.rejects(disk.file.settled(), /EIO/);
    assert.deepEqual([disk.syncs, disk.noted], [1, []]);
  });

  it('go on where only the note has failed', async () => {
    let hasFailed = false;
    const noted: number[] = [];
    const notes = {
      get durableBlocks() {
        return noted.at(-1) ?? 0;
      },
      markDurable: async (blocks: number) => {
        if (hasFailed) noted.push(blocks);
        else hasFailed = true;
        if (noted.length === 0) throw new Error('EIO');
      },
    };
    const file = new GrowingSync(async () => undefined, notes);
    file.reach(8 * PART);
    await file.settled();
    file.reach(8 * PART + 1);
    await file.settled();
    assert.deepEqual(noted, [8 * PART + 1]);
  });

  it('begin where those of an engine before have ended', async () => {
    const notes = { durableBlocks: 256, markDurable: async () => undefined };
    let syncs = 0;
    const file = new GrowingSync(async () => void syncs++, notes);
    file.reach(256 + PART - 1);
    assert.equal(syncs, 0);
    file.reach(256 + PART);
    assert.equal(syncs, 1);
  });
});
