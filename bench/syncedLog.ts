// The least that a disk takes to keep one message: as many bytes as a commit of it writes, and a sync. Over a file that has its
// length, and by fdatasync, as the engine does (writeAheadLog.ts).

import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { ROOM_BYTES } from '../src/engine/store/writeAheadLog.ts';

/** Seven pages of 4 KiB, each with its head: the entry, its conversation, and what finds it again. */
const COMMIT_BYTES = 7 * (24 + 4_096);

export class SyncedLog {
  readonly #file: number;
  readonly #bytes = Buffer.alloc(COMMIT_BYTES, 'm');
  #at = 0;

  constructor(path: string) {
    this.#file = openSync(path, 'w');
    writeSync(this.#file, Buffer.alloc(ROOM_BYTES));
    fdatasyncSync(this.#file);
  }

  append(): void {
    if (this.#at + COMMIT_BYTES > ROOM_BYTES) this.#at = 0;
    writeSync(this.#file, this.#bytes, 0, COMMIT_BYTES, this.#at);
    fdatasyncSync(this.#file);
    this.#at += COMMIT_BYTES;
  }

  close(): void {
    closeSync(this.#file);
  }
}
