// The database's write-ahead log between messages: what can be done to it so that storing one waits for nothing but its own bytes.

import { closeSync, fdatasyncSync, fstatSync, openSync, writeSync } from 'node:fs';
import type { Database } from './database.ts';

/** A thousand pages with their heads: what is taken into the file at once, so that the log seldom grows beyond it. */
export const ROOM_BYTES = 32 + 1_000 * (24 + 4_096);
/** Of zeros, at a time: less than a millisecond. */
const PIECE_BYTES = 512 * 1024;
/** A message changes some eight pages: half of the room. */
const DUE_COMMITS = 64;

export class WriteAheadLog {
  readonly #database: Database;
  #hasRoom = false;
  #takenIn = 0;

  constructor(database: Database) {
    this.#database = database;
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

  /** A disk that is full has better uses, and where the log cannot be opened messages are a little slower. */
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
    const file = openSync(`${this.#database.path}-wal`, 'r+');
    try {
      const { size } = fstatSync(file);
      const missing = Math.min(PIECE_BYTES, ROOM_BYTES - size);
      if (missing <= 0) return false;
      writeSync(file, ZEROS, 0, missing, size);
      fdatasyncSync(file);
      return true;
    } finally {
      closeSync(file);
    }
  }
}

const ZEROS = Buffer.alloc(PIECE_BYTES);
