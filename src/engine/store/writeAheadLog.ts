// The database's write-ahead log beside what SQLite does with it: made ready between messages, so that storing one waits for nothing
// but its own bytes, and synced after a commit that did not wait.

import { closeSync, fdatasyncSync, fstatSync, openSync, writeSync } from 'node:fs';
import type { Disposable } from '../../base/disposable.ts';
import { fail } from '../../contract/failure.ts';
import type { Database } from './database.ts';

/** A thousand pages with their heads: what is taken into the file at once, so that the log seldom grows beyond it. */
export const ROOM_BYTES = 32 + 1_000 * (24 + 4_096);
/** Of zeros, at a time: less than a millisecond. */
const PIECE_BYTES = 512 * 1024;
/** A message changes some eight pages: half of the room. */
const DUE_COMMITS = 64;

export class WriteAheadLog implements Disposable {
  readonly #database: Database;
  readonly #onLost: (error: Error) => void;
  readonly #path: string;
  readonly #file: number;
  #isLost = false;
  #hasRoom = false;
  #takenIn = 0;

  /**
   * Opens the log, which SQLite has made, and holds it: dispose of it before the database. `onLost` hears, once, that a sync failed, and
   * has to end the engine. Throws FailureError `databaseUnusable`.
   */
  constructor(database: Database, onLost: (error: Error) => void) {
    this.#database = database;
    this.#onLost = onLost;
    this.#path = `${database.path}-wal`;
    this.#file = opened(this.#path);
  }

  /**
   * A sync has failed. The system says so once to each who has the file open, and then that all is well, while SQLite reads the log
   * after a power cut up to the first page that is missing: what comes behind it is not saved, whatever is said of it.
   */
  get isLost(): boolean {
    return this.#isLost;
  }

  /**
   * Whether all that was committed is on the disk: a sync takes what was written by another descriptor, too. Node's SQLite syncs by
   * fsync, which also waits for the file system's journal (the file's time has changed), and so for other files that are written
   * meanwhile (a transfer's); fdatasync does not.
   */
  sync(): boolean {
    try {
      if (!this.#isLost) fdatasyncSync(this.#file);
    } catch (error) {
      this.#isLost = true;
      const { code } = error as NodeJS.ErrnoException;
      this.#onLost(new Error(`the disk may have lost what was written to ${this.#path}: ${code}`));
    }
    return !this.#isLost;
  }

  /** What was overwritten since is nowhere any more. Outside transactions. */
  empty(): void {
    this.#database.emptyLog();
    this.#takenIn = this.#database.commits;
    this.#hasRoom = false;
  }

  /** A piece of some milliseconds of what can wait; whether there was one. */
  step(): boolean {
    if (this.#database.commits - this.#takenIn >= DUE_COMMITS) {
      this.#database.takeInLog();
      this.#takenIn = this.#database.commits;
      return true;
    }
    if (!this.#hasRoom) this.#hasRoom = !this.#growWherePossible();
    return !this.#hasRoom;
  }

  dispose(): void {
    closeSync(this.#file);
  }

  /** A disk that is full has better uses. */
  #growWherePossible(): boolean {
    try {
      return this.#grow();
    } catch {
      return false;
    }
  }

  /**
   * Whoever syncs a file that has grown waits until its new length is written down too; who writes over what is there does not.
   * So the log is grown ahead, by zeros behind its end, where SQLite reads no page: their checksum is wrong, as that of pages of an
   * earlier round. That saves a third of a commit's wait where `sync` follows it, and little where Node's SQLite syncs and the file
   * system has a journal. Nothing else may write here meanwhile; nothing does, as this is the thread of the database. Whether it has
   * grown.
   */
  #grow(): boolean {
    const { size } = fstatSync(this.#file);
    const missing = Math.min(PIECE_BYTES, ROOM_BYTES - size);
    if (missing <= 0) return false;
    // What counts is on the disk before; what then fails are zeros.
    if (!this.sync()) return false;
    writeSync(this.#file, ZEROS, 0, missing, size);
    fdatasyncSync(this.#file);
    return true;
  }
}

const ZEROS = Buffer.alloc(PIECE_BYTES);

function opened(path: string): number {
  try {
    return openSync(path, 'r+');
  } catch (error) {
    const detail = (error as NodeJS.ErrnoException).code ?? String(error);
    throw fail('databaseUnusable', { path, detail }, error);
  }
}
