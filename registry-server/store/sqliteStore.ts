// The embedded store: one SQLite file, nothing to install. Survives `kill -9`; several processes may share the file.

import { DatabaseSync, type SQLOutputValue } from 'node:sqlite';
import type { Millis } from '../../src/base/clock.ts';
import { BINDING_MS } from '../../src/contract/registry.ts';
import type { NameKeys } from '../nameKeys.ts';
import { askSqlite } from './askSqlite.ts';
import { directoryRange } from './directoryRange.ts';
import { peerFieldsOf } from './peerFields.ts';
import { SqliteClassic } from './sqliteClassic.ts';
import { setUpDatabase } from './sqliteFile.ts';
import {
  type Claim,
  type DirectoryEntry,
  type DirectoryPage,
  type PageQuery,
  type Presence,
  type Refusal,
  type RegisterOutcome,
  type Registration,
  type ReleaseOutcome,
  type SignOffOutcome,
  type Store,
  type StoredPeer,
  SWEEP_STEP,
  TOMBSTONE_MS,
} from './store.ts';
import { WalKeeper } from './walKeeper.ts';

/** An upsert, not REPLACE: that would let go of whatever other row holds the sort key. */
const PUT = `
  INSERT INTO peer
    (skeleton, sortKey, name, fingerprint, record, signature, observedAddress, signedAt, seenAt, leaseUntil)
  VALUES
    (:skeleton, :sortKey, :name, :fingerprint, :record, :signature, :observedAddress, :signedAt, :seenAt, :leaseUntil)
  ON CONFLICT (skeleton) DO UPDATE SET
    sortKey = excluded.sortKey, name = excluded.name, fingerprint = excluded.fingerprint, record = excluded.record,
    signature = excluded.signature, observedAddress = excluded.observedAddress, signedAt = excluded.signedAt,
    seenAt = excluded.seenAt, leaseUntil = excluded.leaseUntil
`;

type Row = Record<string, SQLOutputValue>;

export class SqliteStore implements Store {
  readonly classic: SqliteClassic;
  readonly #db: DatabaseSync;
  readonly #wal: WalKeeper;
  readonly #statements: ReturnType<typeof prepare>;
  /** Of the file, as SQLite counts the writes of others. */
  #version: number;

  /** Opens or makes the file. Throws when it is not one of ours or cannot be used. */
  constructor(file: string) {
    this.#db = new DatabaseSync(file);
    this.#wal = new WalKeeper(file, {
      startAnew: () => this.#tryPragma('wal_checkpoint(TRUNCATE)'),
      goOnAlone: () => this.#tryPragma('wal_autocheckpoint = 1000'),
    });
    try {
      setUpDatabase(this.#db);
      this.#statements = prepare(this.#db);
      this.#version = Number(this.#statements.version.get()?.data_version);
      this.classic = new SqliteClassic(this.#db, {
        atomically: (work) => this.#atomically(work),
        isBound: (keys, now) => this.#held(keys, now) !== undefined,
      });
    } catch (error) {
      this.#db.close();
      throw error;
    }
  }

  async register(registration: Registration, now: Millis): Promise<RegisterOutcome> {
    return this.#atomically(() => {
      const held = this.#held(registration.keys, now);
      const refusal = held && refusalOf(held, registration);
      if (refusal !== undefined) return refusal;
      const newerThan = held === undefined ? this.#releasedAt(registration.keys, now) : undefined;
      if (newerThan !== undefined && registration.signedAt <= newerThan) return { kind: 'stale', newerThan };
      this.#sweep(now);
      const { skeleton } = registration.keys;
      this.#statements.put.run({ skeleton, ...peerFieldsOf(registration, now) });
      this.classic.displace(registration.keys);
      return { kind: held === undefined ? 'created' : 'refreshed' };
    });
  }

  async signOff(claim: Claim, now: Millis): Promise<SignOffOutcome> {
    return this.#atomically(() => {
      const held = this.#held(claim.keys, now);
      if (held === undefined) return { kind: 'unknown' };
      const refusal = refusalOf(held, claim);
      if (refusal !== undefined) return refusal;
      const { signedAt, keys } = claim;
      this.#statements.signOff.run({ signedAt, now, skeleton: keys.skeleton });
      return { kind: 'signedOff' };
    });
  }

  async release(claim: Claim, now: Millis): Promise<ReleaseOutcome> {
    return this.#atomically(() => {
      const held = this.#held(claim.keys, now);
      if (held === undefined) return { kind: 'unknown' };
      const refusal = refusalOf(held, claim);
      if (refusal !== undefined) return refusal;
      const { signedAt, keys } = claim;
      this.#sweep(now);
      this.#statements.forget.run(keys.skeleton);
      this.#statements.release.run(keys.skeleton, signedAt, now + TOMBSTONE_MS);
      return { kind: 'released' };
    });
  }

  async find({ sortKey }: NameKeys, now: Millis): Promise<StoredPeer | undefined> {
    const row = askSqlite(() => this.#statements.find.get(sortKey, now - BINDING_MS));
    return row === undefined ? undefined : peerOf(row);
  }

  /** Reads one name more than the page has, to know whether there are more. */
  async page(query: PageQuery, now: Millis): Promise<DirectoryPage> {
    const { from, end } = directoryRange(query);
    const rows = askSqlite(() => this.#statements.page.all(from, end, query.limit + 1));
    const looked = rows.slice(0, query.limit);
    const entries = looked.filter((row) => Number(row.seenAt) > now - BINDING_MS).map(entryOf);
    return { entries, next: rows.length > query.limit ? String(looked.at(-1)?.sortKey) : undefined };
  }

  async ping(): Promise<void> {
    askSqlite(() => this.#statements.ping.get());
  }

  /** Whether another process has written to the file since this was asked last. */
  isChangedElsewhere(): boolean {
    const before = this.#version;
    try {
      this.#version = Number(this.#statements.version.get()?.data_version);
    } catch {
      return false; // The file is not to be had now; the next time will tell.
    }
    return this.#version !== before;
  }

  async close(): Promise<void> {
    await this.#wal.close();
    if (this.#db.isOpen) this.#db.close();
  }

  /** What is in the way now may be gone the next time. */
  #tryPragma(pragma: string): void {
    try {
      this.#db.exec(`PRAGMA ${pragma}`);
    } catch {}
  }

  #held(keys: NameKeys, now: Millis): Row | undefined {
    return this.#statements.held.get(keys.skeleton, now - BINDING_MS);
  }

  #releasedAt({ skeleton }: NameKeys, now: Millis): Millis | undefined {
    const row = this.#statements.released.get(skeleton, now);
    return row && Number(row.releasedAt);
  }

  /** Clears away a few of those whose time is over. */
  #sweep(now: Millis): void {
    this.#statements.sweep.run(now - BINDING_MS, SWEEP_STEP);
    this.#statements.sweepReleased.run(now, SWEEP_STEP);
  }

  #atomically<T>(work: () => T): T {
    return askSqlite(() => {
      this.#db.exec('BEGIN IMMEDIATE');
      try {
        const result = work();
        this.#db.exec('COMMIT');
        this.#wal.wrote();
        return result;
      } catch (error) {
        this.#rollBack();
        throw error;
      }
    });
  }

  /** A full disk has already rolled back by itself; the first error is the one to tell. */
  #rollBack(): void {
    try {
      this.#db.exec('ROLLBACK');
    } catch {}
  }
}

function prepare(db: DatabaseSync) {
  return {
    held: db.prepare(
      'SELECT name, fingerprint, signedAt, seenAt FROM peer WHERE skeleton = ? AND seenAt > ?',
    ),
    put: db.prepare(PUT),
    signOff: db.prepare(
      'UPDATE peer SET signedAt = :signedAt, seenAt = :now, leaseUntil = :now WHERE skeleton = :skeleton',
    ),
    find: db.prepare(`
      SELECT record, signature, fingerprint, observedAddress, seenAt, leaseUntil
      FROM peer WHERE sortKey = ? AND seenAt > ?`),
    page: db.prepare(`
      SELECT sortKey, name, fingerprint, seenAt, leaseUntil
      FROM peer WHERE sortKey >= ? AND sortKey < ? ORDER BY sortKey LIMIT ?`),
    sweep: db.prepare(
      'DELETE FROM peer WHERE sortKey IN (SELECT sortKey FROM peer WHERE seenAt <= ? ORDER BY seenAt LIMIT ?)',
    ),
    forget: db.prepare('DELETE FROM peer WHERE skeleton = ?'),
    release: db.prepare('INSERT OR REPLACE INTO released (skeleton, releasedAt, keptUntil) VALUES (?, ?, ?)'),
    released: db.prepare('SELECT releasedAt FROM released WHERE skeleton = ? AND keptUntil >= ?'),
    sweepReleased: db.prepare(`
      DELETE FROM released
      WHERE skeleton IN (SELECT skeleton FROM released WHERE keptUntil < ? ORDER BY keptUntil LIMIT ?)`),
    ping: db.prepare('SELECT count(*) FROM (SELECT 1 FROM peer LIMIT 1)'),
    version: db.prepare('PRAGMA data_version'),
  };
}

function refusalOf(held: Row, claim: Claim): Refusal | undefined {
  if (held.fingerprint !== claim.fingerprint) {
    return { kind: 'taken', name: String(held.name), freeAt: Number(held.seenAt) + BINDING_MS };
  }
  const newerThan = Number(held.signedAt);
  return claim.signedAt <= newerThan ? { kind: 'stale', newerThan } : undefined;
}

function peerOf(row: Row): StoredPeer {
  return {
    ...presenceOf(row),
    recordText: String(row.record),
    signature: String(row.signature),
    observedAddress: String(row.observedAddress),
  };
}

function entryOf(row: Row): DirectoryEntry {
  return { ...presenceOf(row), name: String(row.name) };
}

function presenceOf(row: Row): Presence {
  return {
    fingerprint: String(row.fingerprint),
    lastSeenAt: Number(row.seenAt),
    leaseUntil: Number(row.leaseUntil),
  };
}
