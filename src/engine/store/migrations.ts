// What the database looks like, as the steps that made it so. Forward only: a step that was released is never changed.

import { closeSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import type { Millis } from '../../base/clock.ts';
import { mayBeHeld } from '../../base/heldFile.ts';
import { fail } from '../../contract/failure.ts';
import type { Database } from './database.ts';

/** Step n (from 1) takes a database of version n - 1 to version n; `PRAGMA user_version` holds the version. */
export const STEPS: readonly string[] = [
  `
  CREATE TABLE profile (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    name TEXT,
    registryUrl TEXT,
    port INTEGER
  ) STRICT;

  CREATE TABLE contacts (
    fingerprint TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    standing TEXT NOT NULL CHECK (standing IN ('unknown', 'accepted', 'blocked')),
    connectWanted INTEGER NOT NULL,
    lastSeenAt INTEGER,
    hosts TEXT NOT NULL, -- JSON array
    tcpPort INTEGER,
    udpPort INTEGER, -- unused: it is in each hello
    nameConflict TEXT
  ) STRICT, WITHOUT ROWID;

  CREATE INDEX strangers ON contacts (lastSeenAt) WHERE standing = 'unknown' AND connectWanted = 0;

  -- How far the two numberings of one conversation have got; each mark means "all up to and including".
  CREATE TABLE conversations (
    id INTEGER PRIMARY KEY,
    peer TEXT NOT NULL UNIQUE,
    lastMine INTEGER NOT NULL DEFAULT 0,
    delivered INTEGER NOT NULL DEFAULT 0,
    readByPeer INTEGER NOT NULL DEFAULT 0,
    received INTEGER NOT NULL DEFAULT 0,
    readByMe INTEGER NOT NULL DEFAULT 0
  ) STRICT;

  CREATE TABLE entries (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation INTEGER NOT NULL REFERENCES conversations,
    mine INTEGER NOT NULL,
    number INTEGER NOT NULL,
    id TEXT NOT NULL,
    at INTEGER NOT NULL,
    storedAt INTEGER NOT NULL,
    visible INTEGER NOT NULL,
    body TEXT NOT NULL, -- JSON, as on the wire
    UNIQUE (conversation, mine, number)
  ) STRICT;

  CREATE INDEX visibleInOrder ON entries (conversation, position) WHERE visible = 1;
  CREATE INDEX visibleByNumber ON entries (conversation, mine, number) WHERE visible = 1;

  CREATE TABLE transfers (
    position INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    peer TEXT NOT NULL,
    direction TEXT NOT NULL CHECK (direction IN ('send', 'receive')),
    name TEXT NOT NULL,
    mediaType TEXT NOT NULL,
    sizeBytes INTEGER NOT NULL,
    width INTEGER,
    height INTEGER,
    placeholder TEXT,
    thumbnailPath TEXT,
    path TEXT,
    folder TEXT,
    sourceModifiedAtMs REAL, -- file systems give fractions
    state TEXT NOT NULL, -- JSON
    final INTEGER NOT NULL
  ) STRICT;

  CREATE INDEX unfinished ON transfers (peer, position) WHERE final = 0;
  `,
  `
  ALTER TABLE profile ADD COLUMN doNotDisturbUntil INTEGER;

  ALTER TABLE contacts ADD COLUMN verifiedAt INTEGER;
  ALTER TABLE contacts ADD COLUMN autoAccept INTEGER; -- NULL: as the setting says

  -- What later entries have made of this one; the body stays what was said under its number.
  ALTER TABLE entries ADD COLUMN editedText TEXT;
  ALTER TABLE entries ADD COLUMN editedAt INTEGER;
  ALTER TABLE entries ADD COLUMN deleted INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE entries ADD COLUMN reactions TEXT; -- JSON
  ALTER TABLE entries ADD COLUMN about TEXT; -- the id of the entry that this one answers, edits, deletes or reacts to
  CREATE INDEX visibleById ON entries (conversation, id) WHERE visible = 1;
  CREATE INDEX changesOf ON entries (conversation, about) WHERE about IS NOT NULL AND visible = 0;
  DROP INDEX visibleByNumber;
  CREATE INDEX visibleByNumber ON entries (conversation, mine, number) WHERE visible = 1 AND deleted = 0;

  CREATE TABLE shared (
    position INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    path TEXT NOT NULL,
    name TEXT NOT NULL,
    mediaType TEXT NOT NULL,
    sizeBytes INTEGER NOT NULL,
    modifiedAtMs REAL NOT NULL,
    sharedWith TEXT NOT NULL -- JSON: "accepted" or fingerprints
  ) STRICT;

  ALTER TABLE transfers ADD COLUMN itemId TEXT; -- of the shared item that was fetched
  ALTER TABLE transfers ADD COLUMN metadata TEXT;
  ALTER TABLE transfers ADD COLUMN copyPath TEXT; -- what is sent in place of the file
  `,
];

/** Two weeks, in ms. */
export const BACKUP_KEPT_MS = 14 * 86_400_000;
/** For whoever looks at a new copy: nobody is served before the database is migrated, and they mostly let go at once. */
const PATIENCE_MS: Millis = 5_000;
const PAUSE_MS: Millis = 20;

/**
 * Brings the database to the version of `steps`, all or nothing, and keeps a copy of what was there before beside it: the last
 * one, for BACKUP_KEPT_MS. Throws databaseNewer for a database that a newer Hamta has written, databaseUnusable where the copy gets no
 * name: the database is left as it is.
 */
export function migrate(database: Database, steps: readonly string[] = STEPS): void {
  const version = versionOf(database);
  if (version === steps.length) return removeOldBackups(database.path, version);
  if (version > steps.length)
    throw fail('databaseNewer', { path: database.path, version, known: steps.length });
  if (version > 0) backUp(database, backupPath(database.path, version));
  database.transaction(() => {
    for (const step of steps.slice(version)) database.exec(step);
    database.exec(`PRAGMA user_version = ${steps.length}`);
  });
  for (let older = 1; older < version; older++) remove(backupPath(database.path, older));
}

/** The copy is needed only when a migration turns out to be wrong, and holds what people have deleted since. */
function removeOldBackups(path: string, version: number): void {
  for (let older = 1; older < version; older++) {
    const backup = backupPath(path, older);
    const madeAt = statSync(backup, { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY;
    if (Date.now() - madeAt > BACKUP_KEPT_MS) remove(backup);
  }
}

/** Where it cannot go now (on Windows, while another program has it open) a later start does it: the engine starts all the same. */
function remove(backup: string): void {
  try {
    rmSync(backup, { force: true });
  } catch {}
}

/** Where the copy of a database of this version is kept. */
export function backupPath(path: string, version: number): string {
  return `${path}.v${version}.backup`;
}

function versionOf(database: Database): number {
  return database.prepare<{ user_version: number }>('PRAGMA user_version').get()?.user_version ?? 0;
}

/** Replaces an older copy only when the new one is whole: the step may have failed before, over and over. */
function backUp(database: Database, target: string): void {
  const unfinished = `${target}.tmp`;
  rmSync(unfinished, { force: true });
  database.prepare('VACUUM INTO :target').run({ target: unfinished });
  sync(unfinished);
  giveName(unfinished, target);
}

/** Throws databaseUnusable. */
function giveName(from: string, to: string): void {
  for (let waitedMs = 0; ; waitedMs += PAUSE_MS) {
    try {
      return renameSync(from, to);
    } catch (error) {
      const detail = (error as NodeJS.ErrnoException).code ?? String(error);
      if (!mayBeHeld(error, process.platform) || waitedMs >= PATIENCE_MS)
        throw fail('databaseUnusable', { path: to, detail }, error);
    }
    pause(PAUSE_MS);
  }
}

/** Stands still, as all of a migration does. */
function pause(ms: Millis): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

function sync(path: string): void {
  const file = openSync(path, 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
