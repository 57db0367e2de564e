// What the engine remembers, in one SQLite file. Whoever has the store open is the user's one engine.

import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Clock } from '../../base/clock.ts';
import type { Disposable } from '../../base/disposable.ts';
import { FailureError, fail } from '../../contract/failure.ts';
import { ContactsTable } from './contacts.ts';
import { Database } from './database.ts';
import { EntriesTable } from './entries.ts';
import { takeLock } from './lock.ts';
import { MessagesTable } from './messages.ts';
import { migrate } from './migrations.ts';
import { ProfileTable } from './profile.ts';
import { Search } from './search.ts';
import { SearchIndex } from './searchIndex.ts';
import { SharedTable } from './shared.ts';
import { TransfersTable } from './transfers.ts';
import { WriteAheadLog } from './writeAheadLog.ts';

export interface StoreOptions {
  /** Wall time, for when an entry was stored. */
  readonly clock: Clock;
}

export class Store implements Disposable {
  readonly profile: ProfileTable;
  readonly contacts: ContactsTable;
  readonly entries: EntriesTable;
  readonly messages: MessagesTable;
  readonly search: Search;
  readonly transfers: TransfersTable;
  readonly shared: SharedTable;
  readonly #database: Database;
  readonly #log: WriteAheadLog;
  readonly #lock: Disposable;
  /** An engine that was killed may have left in the log what it had deleted. */
  #hasTraces = true;
  #closed = false;

  constructor(database: Database, lock: Disposable, { clock }: StoreOptions) {
    this.#database = database;
    this.#lock = lock;
    this.profile = new ProfileTable(database);
    this.contacts = new ContactsTable(database);
    this.entries = new EntriesTable(database, clock);
    this.search = new Search(database, SearchIndex.of(database));
    this.messages = new MessagesTable(database, this.search, (peer) => {
      this.#hasTraces = true;
      this.entries.recount(peer);
    });
    this.transfers = new TransfersTable(database);
    this.shared = new SharedTable(database);
    // Last: nobody else closes its file.
    this.#log = new WriteAheadLog(database, raiseUncaught);
  }

  /** All of what `work` writes or nothing of it, on the disk when this returns. May be nested; must not await. */
  transaction<T>(work: () => T): T {
    this.#expectWholeLog();
    return this.#database.transaction(work);
  }

  /** The same, but the disk may have it only after a `sync`: until then a power cut may undo it, a kill does not. */
  transactionUnsynced<T>(work: () => T): T {
    this.#expectWholeLog();
    return this.#database.relaxed(() => this.#database.transaction(work));
  }

  /** Whether everything so far is on the disk. Else the engine ends, in this turn, and nobody may be told of what was written. */
  sync(): boolean {
    return this.#log.sync();
  }

  /** A few milliseconds of what can wait; whether there is more of it. */
  upkeep(): boolean {
    if (!this.#hasTraces) return this.#log.step() || this.search.step();
    this.#log.empty();
    this.#hasTraces = false;
    return true;
  }

  /** Lets go of the file and then of the lock. Using the store afterwards throws. */
  dispose(): void {
    if (this.#closed) return;
    this.#closed = true;
    try {
      this.#log.dispose();
    } finally {
      this.#close();
    }
  }

  #close(): void {
    try {
      this.#database.close();
    } finally {
      this.#lock.dispose();
    }
  }

  #expectWholeLog(): void {
    if (!this.#log.isLost) return;
    throw fail('databaseUnusable', { path: this.#database.path, detail: 'EIO' });
  }
}

/**
 * Opens the database at `path`, made with its folder when missing, for this engine alone. Throws StoreBusy at once when
 * another handle or process has it (the system frees it when that process ends, however it ends), and FailureError
 * `databaseUnusable` for a file that is damaged or out of reach, `databaseNewer` for one of a newer version; such a file is
 * left as it is.
 */
export function openStore(path: string, options: StoreOptions): Store {
  makePrivateFolder(dirname(path));
  const lock = takeLock(`${path}.lock`);
  try {
    return storeOn(openDatabase(path), lock, options);
  } catch (error) {
    lock.dispose();
    throw error;
  }
}

function storeOn(database: Database, lock: Disposable, options: StoreOptions): Store {
  try {
    return new Store(database, lock, options);
  } catch (error) {
    database.close();
    throw error;
  }
}

function openDatabase(path: string): Database {
  const database = new Database(path);
  try {
    migrate(database);
    emptyLogWherePossible(database);
    // Not before: to sort a million entries for a new index takes more memory than there may be.
    database.keepUndoInMemory();
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/**
 * The disk may have lost a part of what an engine left there that ended without a word, and tells this one nothing of it. In the file it is
 * whole, and nothing is written behind a gap. Where the disk is full, upkeep does it later.
 */
function emptyLogWherePossible(database: Database): void {
  try {
    database.emptyLog();
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
  }
}

function makePrivateFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    const detail = (error as NodeJS.ErrnoException).code ?? String(error);
    throw fail('databaseUnusable', { path: folder, detail }, error);
  }
}

/** Where no caller is that could go on: main.ts ends the engine. */
function raiseUncaught(error: Error): void {
  queueMicrotask(() => {
    throw error;
  });
}
