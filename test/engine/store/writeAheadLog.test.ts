// What is done to the log between messages, and that no message is lost by it: after each step the files are copied as a killed
// engine would leave them, and the copy is opened.

import assert from 'node:assert/strict';
import fs, { copyFileSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { dirname, join } from 'node:path';
import { FailureError } from '../../../src/contract/failure.ts';
import { Database } from '../../../src/engine/store/database.ts';
import { openStore, Store } from '../../../src/engine/store/store.ts';
import { ROOM_BYTES, WriteAheadLog } from '../../../src/engine/store/writeAheadLog.ts';
import { ALI, STORED_AT, StoreFile, said, text } from './support.ts';

const onLinux = process.platform === 'linux' ? it : () => {};

describe('the write-ahead log', () => {
  let file: StoreFile;
  let store: Store;
  let written: number;
  beforeEach(() => {
    file = new StoreFile();
    store = file.open();
    written = 0;
  });
  afterEach(() => file.remove());

  const log = () => `${file.path}-wal`;
  const write = (words = `entry ${written + 1}`) => {
    written++;
    store.entries.appendMine(ALI, said(text(words), written));
  };
  const tidyUp = () => {
    while (store.upkeep());
  };

  /** Texts of mine in a copy of what is on the disk now. */
  function afterKill(): unknown[] {
    const copy = join(file.folder, 'killed', 'hamta.db');
    mkdirSync(dirname(copy), { recursive: true });
    copyFileSync(file.path, copy);
    copyFileSync(log(), `${copy}-wal`);
    const other = openStore(copy, { clock: { now: () => STORED_AT } });
    try {
      return other.entries.mineAfter(ALI, 0, 500).map(({ body }) => body.kind === 'text' && body.text);
    } finally {
      other.dispose();
      rmSync(dirname(copy), { recursive: true });
    }
  }

  const all = () => Array.from({ length: written }, (_, i) => `entry ${i + 1}`);

  it('has room for many messages before they come', () => {
    write();
    tidyUp();
    assert.equal(statSync(log()).size, ROOM_BYTES);
    for (let i = 0; i < 60; i++) write();
    assert.equal(statSync(log()).size, ROOM_BYTES);
    assert.deepEqual(afterKill(), all());
  });

  it('does without its room where a disk has none to give, and is as good as before', () => {
    const { fdatasyncSync } = fs;
    let syncs = 0;
    fs.fdatasyncSync = (at) => {
      // The second one is of the zeros: a network drive may say only then that they are too many.
      if (++syncs === 2) throw Object.assign(new Error('quota'), { code: 'EDQUOT' });
      fdatasyncSync(at);
    };
    syncBuiltinESMExports();
    try {
      write();
      tidyUp();
      assert.deepEqual([syncs, store.sync(), afterKill()], [2, true, all()]);
    } finally {
      Object.assign(fs, { fdatasyncSync });
      syncBuiltinESMExports();
    }
  });

  it('keeps every message whenever the engine is killed while it grows', () => {
    for (let step = 0; step < 16; step++) {
      write();
      assert.deepEqual(afterKill(), all());
      store.upkeep();
      assert.deepEqual(afterKill(), all());
    }
    assert.equal(statSync(log()).size, ROOM_BYTES);
  });

  it('is taken into the file while nobody waits, and written from its beginning again', () => {
    tidyUp();
    for (let round = 0; round < 6; round++) {
      for (let i = 0; i < 70; i++) write();
      assert.deepEqual(afterKill(), all());
      tidyUp();
      assert.deepEqual(afterKill(), all());
    }
    assert.equal(statSync(log()).size, ROOM_BYTES);
  });

  it('has nothing of what was deleted, and its room again', () => {
    write('secret words');
    tidyUp();
    const message = store.messages.get(ALI, said(text(''), 1).id, 'me');
    assert.ok(message !== undefined && readFileSync(log()).length === ROOM_BYTES);
    store.messages.forget(message);
    tidyUp();
    assert.equal(statSync(log()).size, ROOM_BYTES);
    for (const each of [file.path, log()]) assert.equal(readFileSync(each).includes('secret words'), false);
  });

  it('has what was committed without a sync, so that a kill loses nothing of it', () => {
    const commits = () => store.transactionUnsynced(() => write());
    commits();
    assert.deepEqual(afterKill(), all());
    store.sync();
    commits();
    assert.deepEqual(afterKill(), all());
  });

  it('undoes what fails before it is committed, synced or not', () => {
    const failing = () =>
      store.transactionUnsynced(() => {
        write();
        throw new Error('no');
      });
    assert.throws(failing, /no/);
    assert.deepEqual(afterKill(), []);
  });
});

describe('the sync of a write-ahead log', () => {
  let file: StoreFile;
  beforeEach(() => {
    file = new StoreFile();
  });
  afterEach(() => file.remove());

  /** A file that cannot be synced: the system answers EINVAL. */
  const lostLog = (lost: Error[]) => {
    const path = join(file.folder, 'device');
    symlinkSync('/dev/null', `${path}-wal`);
    return new WriteAheadLog({ path } as Database, (error) => lost.push(error));
  };

  onLinux('that failed once ends the engine, and nothing is called saved after it', () => {
    const lost: Error[] = [];
    const log = lostLog(lost);
    assert.equal(log.isLost, false);
    for (let i = 0; i < 3; i++) assert.deepEqual([log.sync(), log.isLost], [false, true]);
    log.dispose();
    const [said, ...others] = lost.map(({ message }) => message);
    assert.match(said ?? '', /^the disk may have lost .*device-wal: EINVAL$/);
    assert.deepEqual(others, [], 'whoever ends the engine is told once');
  });

  it('needs a log', () => {
    assert.throws(
      () => new WriteAheadLog({ path: join(file.folder, 'none') } as Database, () => undefined),
      FailureError,
    );
  });

  it('comes after a commit that did not wait for the disk', () => {
    const said: string[] = [];
    class Heard extends Database {
      override exec(sql: string): void {
        said.push(sql);
        super.exec(sql);
      }
    }
    file.open().dispose();
    const store = new Store(new Heard(file.path), { dispose() {} }, { clock: { now: () => 0 } });
    said.length = 0;
    store.transactionUnsynced(() => undefined);
    assert.deepEqual(said, [
      'PRAGMA synchronous = NORMAL',
      'BEGIN IMMEDIATE',
      'COMMIT',
      'PRAGMA synchronous = FULL',
    ]);
    assert.equal(store.sync(), true);
    store.dispose();
  });

  it('is not needed for what an engine before has left: it is in the file when the store is open', () => {
    const store = file.open();
    store.transactionUnsynced(() => store.entries.appendMine(ALI, said(text('left behind'), 1)));
    const copy = join(file.folder, 'copy', 'hamta.db');
    mkdirSync(dirname(copy));
    copyFileSync(file.path, copy);
    copyFileSync(`${file.path}-wal`, `${copy}-wal`);
    const next = openStore(copy, { clock: { now: () => STORED_AT } });
    assert.equal(statSync(`${copy}-wal`).size, 0);
    assert.ok(readFileSync(copy).includes('left behind'));
    next.dispose();
  });
});
