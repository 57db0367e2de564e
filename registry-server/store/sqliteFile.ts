// The file of the embedded store: its table, and what tells it from every other file.

import type { DatabaseSync } from 'node:sqlite';

/** "hmta": tells our file from another program's. */
const APPLICATION_ID = 0x686d7461;
const SCHEMA_VERSION = 1;

const SCHEMA = `
  CREATE TABLE peer (
    skeleton TEXT PRIMARY KEY,
    sortKey TEXT NOT NULL,
    name TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    record TEXT NOT NULL, -- JSON, as it was signed
    signature TEXT NOT NULL,
    observedAddress TEXT NOT NULL,
    signedAt INTEGER NOT NULL,
    seenAt INTEGER NOT NULL,
    leaseUntil INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX peerBySortKey ON peer (sortKey);
  CREATE INDEX peerBySeenAt ON peer (seenAt);
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${SCHEMA_VERSION};
`;

/**
 * Makes the table in a new file, throws for a file that is not ours. WAL with NORMAL survives the death of the process; the
 * death of the machine may cost the last moments, never the file.
 */
export function setUpDatabase(db: DatabaseSync): void {
  // Waiting for another process' lock stops this one: locks here last microseconds, and callers can come again.
  db.exec('PRAGMA busy_timeout = 500');
  if (isNew(db)) createSchema(db);
  refuseForeign(db);
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
}

function isNew(db: DatabaseSync): boolean {
  return numberOf(db, 'SELECT count(*) FROM sqlite_schema') === 0;
}

/** Two processes may come upon a new file at once: whoever waits for the lock looks again. */
function createSchema(db: DatabaseSync): void {
  db.exec('BEGIN IMMEDIATE');
  if (isNew(db)) db.exec(SCHEMA);
  db.exec('COMMIT');
}

function refuseForeign(db: DatabaseSync): void {
  if (numberOf(db, 'PRAGMA application_id') !== APPLICATION_ID) {
    throw new Error('it is the database of another program');
  }
  const version = numberOf(db, 'PRAGMA user_version');
  if (version !== SCHEMA_VERSION) throw new Error(`a newer Hamta wrote it (version ${version})`);
}

function numberOf(db: DatabaseSync, sql: string): number {
  return Number(Object.values(db.prepare(sql).get() ?? {})[0]);
}
