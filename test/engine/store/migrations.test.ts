import assert from 'node:assert/strict';
import fs, { existsSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { FailureError } from '../../../src/contract/failure.ts';
import { Database } from '../../../src/engine/store/database.ts';
import { backupPath, migrate, STEPS } from '../../../src/engine/store/migrations.ts';
import { onPlatform } from '../../support/onPlatform.ts';
import { StoreFile } from './support.ts';

const FIRST = "CREATE TABLE notes (words TEXT) STRICT; INSERT INTO notes VALUES ('precious')";
const SECOND =
  "ALTER TABLE notes ADD COLUMN at INTEGER; UPDATE notes SET at = 7; INSERT INTO notes VALUES ('new', 8)";
const BROKEN = 'DROP TABLE notes; CREATE TABLE nonsense (';

interface Note {
  readonly words: string;
  readonly at?: number;
}

/** Until disposed, the next `times` renames fail so. */
function heldFor(times: number, code = 'EBUSY'): Disposable {
  const { renameSync } = fs;
  let left = times;
  const set = (rename: typeof renameSync) => {
    fs.renameSync = rename;
    syncBuiltinESMExports();
  };
  set((from, to) => {
    if (left-- > 0) throw Object.assign(new Error(code), { code });
    renameSync(from, to);
  });
  return { [Symbol.dispose]: () => set(renameSync) };
}

describe('migrations', () => {
  let file: StoreFile;
  let database: Database;

  beforeEach(() => {
    file = new StoreFile();
    mkdirSync(dirname(file.path));
    database = new Database(file.path);
  });
  afterEach(() => {
    database.close();
    file.remove();
  });

  const notes = () => database.prepare<Note>('SELECT * FROM notes').all();
  const backedUpNotes = () => {
    const copy = new DatabaseSync(backupPath(file.path, 1), { readOnly: true });
    const words = copy
      .prepare('SELECT words FROM notes')
      .all()
      .map((row) => row.words);
    copy.close();
    return words;
  };

  it('make a new database in one go, without a backup of nothing', () => {
    migrate(database, [FIRST, SECOND]);
    assert.deepEqual(notes(), [
      { words: 'precious', at: 7 },
      { words: 'new', at: 8 },
    ]);
    assert.ok(!existsSync(backupPath(file.path, 0)));
  });

  it('take an older database on from where it is, each step once', () => {
    migrate(database, [FIRST]);
    migrate(database, [FIRST, SECOND]);
    migrate(database, [FIRST, SECOND]);
    assert.equal(notes().length, 2);
  });

  it('keep a whole copy of what was there before, until the next one', () => {
    migrate(database, [FIRST]);
    migrate(database, [FIRST, SECOND]);
    assert.deepEqual(backedUpNotes(), ['precious']);
    migrate(database, [FIRST, SECOND, 'DELETE FROM notes']);
    assert.ok(!existsSync(backupPath(file.path, 1)));
    assert.ok(existsSync(backupPath(file.path, 2)));
  });

  it('leave a copy that cannot be taken away, as on Windows while another program has it open, for a later start', () => {
    const held = backupPath(file.path, 1);
    migrate(database, [FIRST]);
    migrate(database, [FIRST, SECOND]);
    rmSync(held);
    // No system takes a folder away as if it were a file.
    mkdirSync(held);
    migrate(database, [FIRST, SECOND, 'DELETE FROM notes']);
    assert.deepEqual(notes(), []);
    utimesSync(held, 0, 0);
    migrate(database, [FIRST, SECOND, 'DELETE FROM notes']);
    assert.ok(existsSync(held));
  });

  it('wait for a scanner that looks at the new copy, as on Windows, and say what else keeps it from its name', () => {
    using _ = onPlatform('win32');
    migrate(database, [FIRST]);
    {
      using __ = heldFor(5);
      migrate(database, [FIRST, SECOND]);
    }
    assert.deepEqual([backedUpNotes(), notes().length], [['precious'], 2]);
    const third = [FIRST, SECOND, 'DELETE FROM notes'];
    {
      using __ = heldFor(1, 'EIO');
      const details = { path: backupPath(file.path, 2), detail: 'EIO' };
      assert.throws(() => migrate(database, third), { failure: { code: 'databaseUnusable', details } });
    }
    assert.equal(notes().length, 2);
    migrate(database, third);
    assert.deepEqual(notes(), []);
  });

  it('change nothing when a step fails, and can be tried again', () => {
    migrate(database, [FIRST]);
    assert.throws(() => migrate(database, [FIRST, BROKEN]), /syntax|incomplete/);
    assert.deepEqual(notes(), [{ words: 'precious' }]);
    writeFileSync(`${backupPath(file.path, 1)}.tmp`, 'half of a copy');
    migrate(database, [FIRST, SECOND]);
    assert.equal(notes().length, 2);
    assert.deepEqual(backedUpNotes(), ['precious']);
  });

  it('leave a database of a newer version as it is, and say so', () => {
    database.exec(`PRAGMA user_version = ${STEPS.length + 1}`);
    database.close();
    const before = readFileSync(file.path);
    const says = (error: unknown) =>
      error instanceof FailureError &&
      error.failure.code === 'databaseNewer' &&
      /Reload.*update/.test(error.message);
    assert.throws(() => file.open(), says);
    assert.ok(readFileSync(file.path).equals(before));
    database = new Database(file.path);
  });

  it('give a full disk its own words', () => {
    migrate(database, [FIRST]);
    database.exec('PRAGMA max_page_count = 3');
    const fill = database.prepare('INSERT INTO notes VALUES (hex(randomblob(20000)))');
    assert.throws(
      () => database.transaction(() => fill.run()),
      (error) => error instanceof FailureError && error.failure.code === 'diskFull',
    );
    assert.deepEqual(notes(), [{ words: 'precious' }]);
  });
});
