// The only holder of SQL's connection: prepared statements with rows as plain objects, transactions.

import { chmodSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { mapErrors } from './storeError.ts';

/** What a statement takes: undefined is stored as NULL, booleans as 0 and 1. */
export type Value = string | number | boolean | null | undefined;
export type Parameters = Readonly<Record<string, Value>>;

/** Named parameters (`:name`) in, rows out. A column that is NULL is absent from its row. */
export class Statement<Row extends object> {
  readonly #statement: StatementSync;
  readonly #path: string;

  constructor(statement: StatementSync, path: string) {
    this.#statement = statement;
    this.#path = path;
  }

  all(parameters: Parameters = {}): Row[] {
    return mapErrors(this.#path, () => this.#statement.all(bindable(parameters)).map(withoutNulls<Row>));
  }

  get(parameters: Parameters = {}): Row | undefined {
    return mapErrors(this.#path, () => {
      const row = this.#statement.get(bindable(parameters));
      return row === undefined ? undefined : withoutNulls<Row>(row);
    });
  }

  /** How many rows were written. */
  run(parameters: Parameters = {}): number {
    return mapErrors(this.#path, () => Number(this.#statement.run(bindable(parameters)).changes));
  }
}

export class Database {
  readonly path: string;
  readonly #sqlite: DatabaseSync;
  #depth = 0;
  #rollbacks = 0;
  #commits = 0;

  /**
   * Opens or makes the file and takes it for this handle alone, until `close` or the end of the process.
   *
   * In WAL mode with exclusive locking there is no shared-memory file, so this works on network drives, too. Nobody may
   * open the file by other means while this process has it: closing any other descriptor of it drops POSIX's locks.
   */
  constructor(path: string) {
    this.path = path;
    this.#sqlite = mapErrors(path, () => new DatabaseSync(path));
    try {
      // Conversations are nobody else's business; the files that SQLite adds take over this mode.
      chmodSync(path, 0o600);
      this.exec('PRAGMA busy_timeout = 0; PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL');
      // A message that was acknowledged survives a power cut. On macOS a sync alone leaves it in the cache of the drive.
      this.exec('PRAGMA synchronous = FULL; PRAGMA fullfsync = ON');
      // What was deleted is overwritten, not only marked as free.
      this.exec('PRAGMA secure_delete = ON');
      // A bound: the log is taken into the file while nobody waits (writeAheadLog.ts), and not by the message that fills it.
      this.exec('PRAGMA wal_autocheckpoint = 4000');
      this.exec('BEGIN IMMEDIATE; COMMIT');
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** How many transactions were undone: what was concluded from them in memory is wrong. */
  get rollbacks(): number {
    return this.#rollbacks;
  }

  /** How many transactions have ended well. */
  get commits(): number {
    return this.#commits;
  }

  exec(sql: string): void {
    mapErrors(this.path, () => this.#sqlite.exec(sql));
  }

  prepare<Row extends object>(sql: string): Statement<Row> {
    return mapErrors(this.path, () => new Statement<Row>(this.#sqlite.prepare(sql), this.path));
  }

  /** All of what `work` writes or nothing of it, also inside another transaction. `work` must not await. */
  transaction<T>(work: () => T): T {
    const [begin, commit, rollback] = this.#depth === 0 ? OUTER : INNER;
    this.exec(begin);
    this.#depth++;
    try {
      const result = work();
      this.exec(commit);
      this.#commits++;
      return result;
    } catch (error) {
      this.#rollBack(rollback);
      throw error;
    } finally {
      this.#depth--;
    }
  }

  /**
   * What `work` commits does not wait for the disk: a power cut may undo it until the log is synced, by a transaction that does wait or
   * by WriteAheadLog; a kill does not. For what can be learned again, most of whose time the wait would be, or what is synced next.
   */
  relaxed<T>(work: () => T): T {
    if (this.#depth > 0) return work();
    this.exec('PRAGMA synchronous = NORMAL');
    try {
      return work();
    } finally {
      this.exec('PRAGMA synchronous = FULL');
    }
  }

  /**
   * What may have to be undone is kept in memory. Else, once that was more than 64 KiB, every message that is stored afterwards first
   * writes the pages as they were into a file in the system's folder for such: as many bytes again, and words that were deleted among them.
   */
  keepUndoInMemory(): void {
    this.exec('PRAGMA temp_store = MEMORY');
  }

  /** Takes the write-ahead log into the file; it is written from its beginning then. Outside transactions. */
  takeInLog(): void {
    this.exec('PRAGMA wal_checkpoint(PASSIVE)');
  }

  /** Takes the write-ahead log into the file and empties it: what was overwritten since is nowhere any more. Outside transactions. */
  emptyLog(): void {
    this.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  }

  close(): void {
    this.#sqlite.close();
  }

  /** SQLite has rolled back by itself where the disk is full or fails; a second time is an error that hides the first. */
  #rollBack(sql: string): void {
    this.#rollbacks++;
    try {
      this.#sqlite.exec(sql);
    } catch {}
  }
}

const OUTER = ['BEGIN IMMEDIATE', 'COMMIT', 'ROLLBACK'] as const;
const INNER = ['SAVEPOINT inner', 'RELEASE inner', 'ROLLBACK TO inner; RELEASE inner'] as const;

function bindable(parameters: Parameters): Record<string, string | number | null> {
  const bound: Record<string, string | number | null> = {};
  for (const [name, value] of Object.entries(parameters)) {
    bound[name] = typeof value === 'boolean' ? Number(value) : (value ?? null);
  }
  return bound;
}

function withoutNulls<Row extends object>(row: Readonly<Record<string, unknown>>): Row {
  const present: Record<string, unknown> = {};
  for (const name of Object.keys(row)) if (row[name] !== null) present[name] = row[name];
  return present as Row;
}
