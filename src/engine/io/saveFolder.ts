// A folder in which files are saved: whatever is asked of its drive ends in time.

import { access, constants, mkdir, open, readdir, rm, stat, statfs } from 'node:fs/promises';
import { fail } from '../../contract/failure.ts';
import type { Abort } from '../../contract/rpc.ts';
import { LONGEST_DISK_CALL_MS } from '../transfer/carrierParams.ts';
import type { DiskCalls } from './diskCalls.ts';

/** What the system holds back is written at so many bytes in a millisecond at least, 1 MiB in a second: old sticks do that. */
const SLOWEST_DISK = 1_049;

export class SaveFolder {
  readonly path: string;
  readonly #calls: DiskCalls;
  readonly #abort: Abort | undefined;

  /** `abort`: nobody waits any more for what is asked here. */
  constructor(calls: DiskCalls, path: string, abort?: Abort) {
    this.#calls = calls;
    this.path = path;
    this.#abort = abort;
  }

  /** Its drive has not answered what was asked last. */
  get isSilent(): boolean {
    return this.#calls.isSilent(this.path);
  }

  /**
   * As `call` ends. Fails with folderSlow where the drive does not answer, and with engineGone after `abort`; `undo` takes back then
   * what `call` does all the same (DiskWait). The drive may have to write `unsyncedBytes` first.
   */
  ask<T>(
    call: () => Promise<T>,
    undo: (late: T | undefined) => Promise<unknown> = () => Promise.resolve(),
    unsyncedBytes = 0,
  ): Promise<T> {
    const slow = () => fail('folderSlow', { path: this.path });
    const patienceMs = LONGEST_DISK_CALL_MS + unsyncedBytes / SLOWEST_DISK;
    return this.#calls.ask(this.path, call, { slow, patienceMs, abort: this.#abort, undo });
  }

  /** Makes it where it is missing; answers how much room there is, in bytes. Rejects with the system's error, too. */
  make(): Promise<number> {
    return this.ask(async () => {
      await makeWhereMissing(this.path);
      return roomIn(this.path);
    });
  }

  /** Rejects with the system's error, too. */
  async expectWritable(): Promise<void> {
    await this.ask(async () => {
      await makeWhereMissing(this.path);
      await access(this.path, constants.W_OK);
    });
  }

  /** Of what is in it. Rejects with the system's error, too. */
  names(): Promise<string[]> {
    return this.ask(() => readdir(this.path));
  }

  /** Of the file at `place`, in bytes; undefined when nothing is there. */
  sizeOf(place: string): Promise<number | undefined> {
    return this.ask(() =>
      stat(place).then(
        ({ size }) => size,
        () => undefined,
      ),
    );
  }

  /** Takes the file at `place` away, as `surely` does. */
  remove(place: string): Promise<void> {
    return this.surely(() => rm(place, { force: true }));
  }

  /**
   * Does `work`, which does no harm twice: now, or as soon as the drive answers again, which may have to write `unsyncedBytes` first. Never
   * rejects, and waits for no silent drive.
   */
  async surely(work: () => Promise<unknown>, unsyncedBytes = 0): Promise<void> {
    await this.ask(work, undefined, unsyncedBytes).catch(() => this.#later(work));
  }

  /** Makes new names in it durable, where folders can be synced (not on Windows). */
  async sync(): Promise<void> {
    const handle = await open(this.path, 'r').catch(() => undefined);
    await handle?.sync().catch(() => undefined);
    await handle?.close();
  }

  /** Where the drive has just said no, the second time changes nothing. */
  #later(work: () => Promise<unknown>): void {
    void this.#calls.answered(this.path).then(() => work().catch(() => undefined));
  }
}

/** Windows says EPERM of the root of a drive or of a share, which is there. */
async function makeWhereMissing(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    const found = await stat(folder).catch(() => undefined);
    if (!found?.isDirectory()) throw error;
  }
}

/** In bytes. Not every file system tells how much room there is; then the writes will. */
async function roomIn(folder: string): Promise<number> {
  const room = await statfs(folder).catch(() => undefined);
  return room === undefined || room.blocks === 0 ? Number.POSITIVE_INFINITY : room.bavail * room.bsize;
}
