// The file of the embedded store: its tables, how an older file becomes a newer one, and what tells it from every other file.

import type { DatabaseSync } from 'node:sqlite';

/** "hmta": tells our file from another program's. */
const APPLICATION_ID = 0x686d7461;

/**
 * Each brings a file from the version of its place to the next: a new file goes through all of them. They are never changed
 * afterwards; what comes later is one more.
 */
const STEPS: readonly string[] = [
  `
  CREATE TABLE peer (
    skeleton TEXT PRIMARY KEY,
    sortKey TEXT NOT NULL,
    name TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    record TEXT NOT NULL,
    signature TEXT NOT NULL,
    observedAddress TEXT NOT NULL,
    signedAt INTEGER NOT NULL,
    seenAt INTEGER NOT NULL,
    leaseUntil INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX peerBySortKey ON peer (sortKey);
  CREATE INDEX peerBySeenAt ON peer (seenAt);
  PRAGMA application_id = ${APPLICATION_ID};
  `,
  `
  ALTER TABLE peer RENAME TO peerBefore;
  -- In the order of the directory, so that a page lies together on the disk.
  CREATE TABLE peer (
    sortKey TEXT PRIMARY KEY,
    skeleton TEXT NOT NULL,
    name TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    record TEXT NOT NULL, -- JSON, as it was signed
    signature TEXT NOT NULL,
    observedAddress TEXT NOT NULL,
    signedAt INTEGER NOT NULL,
    seenAt INTEGER NOT NULL,
    leaseUntil INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  INSERT INTO peer
    SELECT sortKey, skeleton, name, fingerprint, record, signature, observedAddress, signedAt, seenAt, leaseUntil
    FROM peerBefore ORDER BY sortKey;
  DROP TABLE peerBefore;
  CREATE UNIQUE INDEX peerBySkeleton ON peer (skeleton);
  CREATE INDEX peerBySeenAt ON peer (seenAt);
  -- Of a name that was given back: when that was signed, so that nothing said before can be said again.
  CREATE TABLE released (
    skeleton TEXT PRIMARY KEY,
    releasedAt INTEGER NOT NULL,
    keptUntil INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX releasedByKeptUntil ON released (keptUntil);
  `,
  `
  -- What course clients left, in the order in which they did.
  CREATE TABLE classic (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    dialect TEXT NOT NULL,
    name TEXT NOT NULL,
    skeleton TEXT NOT NULL,
    place TEXT NOT NULL,
    seenAt INTEGER NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX classicByName ON classic (dialect, name);
  CREATE INDEX classicByNumber ON classic (dialect, number);
  CREATE INDEX classicBySkeleton ON classic (skeleton);
  CREATE INDEX classicBySeenAt ON classic (seenAt);
  `,
];
export const SCHEMA_VERSION = STEPS.length;

/**
 * Makes or brings up to date what is in the file, throws for a file that is not ours. WAL with NORMAL survives the death of
 * the process; the death of the machine may cost the last moments, never the file.
 */
export function setUpDatabase(db: DatabaseSync): void {
  // Waiting for another process' lock stops this one: locks here last microseconds, and callers can come again.
  db.exec('PRAGMA busy_timeout = 500');
  if (!isNew(db)) refuseForeign(db);
  if (versionOf(db) < SCHEMA_VERSION) bringUpToDate(db);
  // 16 MiB hold the upper pages of the indexes of a million names.
  db.exec('PRAGMA cache_size = -16384');
  // The log is gone through by walKeeper.ts.
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0');
}

function isNew(db: DatabaseSync): boolean {
  return numberOf(db, 'SELECT count(*) FROM sqlite_schema') === 0;
}

/** Two processes may come upon one file at once: whoever waits for the lock looks again. */
function bringUpToDate(db: DatabaseSync): void {
  db.exec('BEGIN IMMEDIATE');
  try {
    if (!isNew(db)) refuseForeign(db);
    for (const step of STEPS.slice(versionOf(db))) db.exec(step);
    db.exec(`PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT`);
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

function refuseForeign(db: DatabaseSync): void {
  if (numberOf(db, 'PRAGMA application_id') !== APPLICATION_ID) {
    throw new Error('it is the database of another program');
  }
  const version = versionOf(db);
  if (version > SCHEMA_VERSION) throw new Error(`a newer Hamta wrote it (version ${version})`);
}

function versionOf(db: DatabaseSync): number {
  return numberOf(db, 'PRAGMA user_version');
}

function numberOf(db: DatabaseSync, sql: string): number {
  return Number(Object.values(db.prepare(sql).get() ?? {})[0]);
}
