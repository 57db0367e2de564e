// The embedded store: the common suite, and what is true of a file.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { SCHEMA_VERSION } from '../../../registry-server/store/sqliteFile.ts';
import { SqliteStore } from '../../../registry-server/store/sqliteStore.ts';
import { StoreAway } from '../../../registry-server/store/store.ts';
import { until } from '../../support/until.ts';
import { registrationOf, SARAS_KEY } from './registrationOf.ts';
import { storeSuite } from './storeSuite.ts';

const NOW = 1_800_000_000_000;

/** A file as the first Hamta wrote it. */
const FIRST_VERSION = `
  CREATE TABLE peer (
    skeleton TEXT PRIMARY KEY, sortKey TEXT NOT NULL, name TEXT NOT NULL, fingerprint TEXT NOT NULL, record TEXT NOT NULL,
    signature TEXT NOT NULL, observedAddress TEXT NOT NULL, signedAt INTEGER NOT NULL, seenAt INTEGER NOT NULL,
    leaseUntil INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX peerBySortKey ON peer (sortKey);
  CREATE INDEX peerBySeenAt ON peer (seenAt);
  INSERT INTO peer VALUES
    ('sara', 'sara', 'Sara', '${SARAS_KEY}', '{"name":"Sara"}', 'c2ln', '192.0.2.1', ${NOW}, ${NOW}, ${NOW + 9});
  PRAGMA application_id = 0x686d7461;
  PRAGMA user_version = 1;
`;

describe('the embedded store', () => {
  let folder: string;
  let opened: SqliteStore[];

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'hamta-store-'));
    opened = [];
  });

  afterEach(async () => {
    for (const store of opened) await store.close();
    rmSync(folder, { recursive: true });
  });

  function fileOf(name = 'registry.db'): string {
    return path.join(folder, name);
  }

  function open(file = fileOf()): SqliteStore {
    const store = new SqliteStore(file);
    opened.push(store);
    return store;
  }

  function query(sql: string): unknown[] {
    const db = new DatabaseSync(fileOf(), { readOnly: true });
    const rows = db.prepare(sql).all();
    db.close();
    return rows;
  }

  storeSuite(async () => ({
    store: open(),
    countKept: async () => query('SELECT 1 FROM peer').length,
  }));

  it('has its names after it was closed and opened again', async () => {
    const first = open();
    await first.register(registrationOf('Sara', NOW), NOW);
    await first.close();
    const peer = await open().find(registrationOf('Sara', NOW).keys, NOW);
    assert.equal(peer?.recordText, JSON.stringify(registrationOf('Sara', NOW).record));
  });

  it('may be opened by several at once, who see each other', async () => {
    const [one, other] = [open(), open()];
    await one.register(registrationOf('Sara', NOW), NOW);
    assert.equal((await other.register(registrationOf('Sara', NOW + 1), NOW + 1)).kind, 'refreshed');
  });

  it('knows when another process has written to the file, and does not take its own writes for that', async () => {
    const [one, other] = [open(), open()];
    one.isChangedElsewhere();
    await one.register(registrationOf('Sara', NOW), NOW);
    assert.equal(one.isChangedElsewhere(), false);
    await other.register(registrationOf('Bob', NOW), NOW);
    assert.deepEqual([one.isChangedElsewhere(), one.isChangedElsewhere()], [true, false]);
  });

  it('refuses a file that is no database, and leaves it as it was', () => {
    writeFileSync(fileOf(), 'a letter to my mother '.repeat(100));
    assert.throws(() => open(), /not a database/);
    assert.equal(readFileSync(fileOf(), 'utf8'), 'a letter to my mother '.repeat(100));
  });

  it('refuses the database of another program, and leaves it as it was', () => {
    const theirs = new DatabaseSync(fileOf());
    theirs.exec('CREATE TABLE peer (x)');
    theirs.close();
    const before = readFileSync(fileOf());
    assert.throws(() => open(), /another program/);
    assert.deepEqual(readFileSync(fileOf()), before);
  });

  it('refuses a file that a newer Hamta wrote', async () => {
    await open().close();
    const db = new DatabaseSync(fileOf());
    db.exec('PRAGMA user_version = 99');
    db.close();
    assert.throws(() => open(), /newer Hamta/);
  });

  it('brings a file of the first version up to date, with all that is in it', async () => {
    const db = new DatabaseSync(fileOf());
    db.exec(FIRST_VERSION);
    db.close();
    const store = open();
    const peer = await store.find(registrationOf('Sara', NOW).keys, NOW);
    assert.deepEqual([peer?.recordText, peer?.leaseUntil], ['{"name":"Sara"}', NOW + 9]);
    assert.equal((await store.page({ prefix: '', after: undefined, limit: 9 }, NOW)).entries.length, 1);
    assert.equal((await store.register(registrationOf('Sara', NOW + 1), NOW + 1)).kind, 'refreshed');
    assert.equal(
      JSON.stringify(query('PRAGMA user_version')),
      JSON.stringify([{ user_version: SCHEMA_VERSION }]),
    );
  });

  it('is away, not broken, while another process holds the lock', async () => {
    const store = open();
    const other = new DatabaseSync(fileOf());
    other.exec('BEGIN IMMEDIATE');
    await assert.rejects(store.register(registrationOf('Sara', NOW), NOW), StoreAway);
    other.exec('ROLLBACK');
    other.close();
    assert.deepEqual(await store.register(registrationOf('Sara', NOW), NOW), { kind: 'created' });
  });

  it('asks for a page by the index and never sorts or scans the table', () => {
    open();
    const plan = query(
      "EXPLAIN QUERY PLAN SELECT name FROM peer WHERE sortKey >= 'a' AND sortKey < 'b' ORDER BY sortKey LIMIT 9",
    );
    assert.match(JSON.stringify(plan), /SEARCH peer USING INDEX sqlite_autoindex_peer|PRIMARY KEY/);
    assert.doesNotMatch(JSON.stringify(plan), /SCAN|TEMP B-TREE/);
  });

  it('keeps the log of its file short while it is written to, without making a writer wait for it', async function () {
    // Thousands of writes.
    this.timeout(30_000);
    const store = open();
    const log = `${fileOf()}-wal`;
    for (let i = 0; i < 4_000; i++) {
      await store.register(registrationOf(`peer ${i % 50}`, NOW + i), NOW + i);
      if (i % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await until('a file with names in it', 10_000, async () => statSync(fileOf()).size > 50_000);
    assert.ok(statSync(log).size < 80 * 2 ** 20, `${statSync(log).size}`);
  });

  it('may be closed twice', async () => {
    const store = open();
    await store.close();
    await store.close();
  });
});
