// Course clients' records in the embedded store: one table, in the order of registration.

import type { DatabaseSync } from 'node:sqlite';
import type { Millis } from '../../src/base/clock.ts';
import type { NameKeys } from '../nameKeys.ts';
import { askSqlite } from './askSqlite.ts';
import {
  CLASSIC_MS,
  type ClassicDialect,
  type ClassicName,
  type ClassicOutcome,
  type ClassicRecords,
  type ClassicRegistration,
  MAX_CLASSIC_NAMES,
} from './classicRecords.ts';
import { SWEEP_STEP } from './store.ts';

/** What it needs of the store whose file it shares. */
interface Owner {
  atomically<T>(work: () => T): T;
  /** Whether a key has the name. */
  isBound(keys: NameKeys, now: Millis): boolean;
}

export class SqliteClassic implements ClassicRecords {
  readonly #statements: ReturnType<typeof prepare>;
  readonly #owner: Owner;

  constructor(db: DatabaseSync, owner: Owner) {
    this.#statements = prepare(db);
    this.#owner = owner;
  }

  async register(registration: ClassicRegistration, now: Millis): Promise<ClassicOutcome> {
    return this.#owner.atomically(() => {
      if (this.#owner.isBound(registration.keys, now)) return 'bound';
      if (registration.isOnce && this.#placeOf(registration, now) !== undefined) return 'held';
      this.#put(registration, now);
      this.#sweep(registration.dialect, now);
      return 'registered';
    });
  }

  async find(name: ClassicName, now: Millis): Promise<string | undefined> {
    return askSqlite(() => this.#placeOf(name, now));
  }

  async names(dialect: ClassicDialect, now: Millis): Promise<string[]> {
    const rows = askSqlite(() => this.#statements.names.all(dialect, now - CLASSIC_MS));
    return rows.map(({ name }) => String(name));
  }

  /** Takes away what would be taken for this keyed name. Within the step of its registration. */
  displace({ skeleton }: NameKeys): void {
    this.#statements.displace.run(skeleton);
  }

  #placeOf({ dialect, name }: ClassicName, now: Millis): string | undefined {
    const row = this.#statements.find.get(dialect, name, now - CLASSIC_MS);
    return row && String(row.place);
  }

  /** A new row, so that the name comes last. */
  #put({ dialect, name, keys, place }: ClassicRegistration, now: Millis): void {
    this.#statements.forget.run(dialect, name);
    this.#statements.put.run(dialect, name, keys.skeleton, place, now);
  }

  #sweep(dialect: ClassicDialect, now: Millis): void {
    this.#statements.sweep.run(now - CLASSIC_MS, SWEEP_STEP);
    this.#statements.makeRoom.run(dialect, MAX_CLASSIC_NAMES);
  }
}

function prepare(db: DatabaseSync) {
  return {
    put: db.prepare('INSERT INTO classic (dialect, name, skeleton, place, seenAt) VALUES (?, ?, ?, ?, ?)'),
    forget: db.prepare('DELETE FROM classic WHERE dialect = ? AND name = ?'),
    find: db.prepare('SELECT place FROM classic WHERE dialect = ? AND name = ? AND seenAt > ?'),
    names: db.prepare('SELECT name FROM classic WHERE dialect = ? AND seenAt > ? ORDER BY number'),
    displace: db.prepare('DELETE FROM classic WHERE skeleton = ?'),
    sweep: db.prepare(
      'DELETE FROM classic WHERE number IN (SELECT number FROM classic WHERE seenAt <= ? ORDER BY seenAt LIMIT ?)',
    ),
    makeRoom: db.prepare(`
      DELETE FROM classic WHERE number IN
        (SELECT number FROM classic WHERE dialect = ? ORDER BY number DESC LIMIT ${SWEEP_STEP} OFFSET ?)`),
  };
}
