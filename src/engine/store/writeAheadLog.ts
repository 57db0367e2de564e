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

/** The disk has lost what was written to it. */
type OnLost = (error: Error) => void;

export class WriteAheadLog implements Disposable {
  readonly #database: Database;
  readonly #onLost: OnLost;
  readonly #path: string;
  readonly #file: number;
  #isLost = false;
  #hasRoom = false;
  #takenIn = 0;

  /**
   * Opens the log, which SQLite has made, and holds it: dispose of it before the database. `onLost` hears, once, that a sync failed, and
   * has to end the engine. Throws FailureError `databaseUnusable`.
   */
  constructor(database: Database, onLost: OnLost) {
    this.#database = database;
    this.#onLost = onLost;
    this.#path = `${database.path}-wal`;
    this.#file = opened(this.#path);
  }

  /**
   * What was committed is on the disk when this returns. Throws `databaseUnusable` where the disk fails, and from then on: the system
   * tells of a lost write once and says of the next sync that all is well, while SQLite, after a power cut, reads the log up to the
   * first page that is missing. What came behind it would have been called saved.
   */
  sync(): void {
    try {
      if (!this.#isLost) return fdatasyncSync(this.#file);
    } catch (error) {
      this.#isLost = true;
      this.#onLost(new Error(`what was written to ${this.#path} may be lost`, { cause: error }));
    }
    throw fail('databaseUnusable', { path: this.#database.path, detail: 'the disk reports an error' });
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
   * earlier round. That saves a third of a commit's wait where the file system has no journal, and little where it has one: Node's
   * SQLite syncs by fsync, which waits for the journal (the file's time has changed), and so for other files that are written
   * meanwhile (a transfer's). Nothing else may write here meanwhile; nothing does, as this is the thread of the database. Whether it
   * has grown.
   */
  #grow(): boolean {
    const { size } = fstatSync(this.#file);
    const missing = Math.min(PIECE_BYTES, ROOM_BYTES - size);
    if (missing <= 0) return false;
    writeSync(this.#file, ZEROS, 0, missing, size);
    this.sync();
    return true;
  }
}

const ZEROS = Buffer.alloc(PIECE_BYTES);

function opened(path: string): number {
  try {
    return openSync(path, 'r+');
  } catch (error) {
    const detail = `its log cannot be opened: ${(error as NodeJS.ErrnoException).code}`;
    throw fail('databaseUnusable', { path, detail }, error);
  }
}
