// Databases as engines of earlier versions have left them, opened by this one. Each file of test/vectors was written by such an
// engine after a real conversation, and is never changed.

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, utimesSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parseFingerprint } from '../../../src/contract/fingerprint.ts';
import { BACKUP_KEPT_MS, backupPath } from '../../../src/engine/store/migrations.ts';
import { StoreFile } from './support.ts';

const dumpOf = (version: number) =>
  readFileSync(new URL(`../../vectors/store-v${version}.sql`, import.meta.url), 'utf8');

describe('a database of version 1', () => {
  const bob = parseFingerprint('158370e78ed7c828e5f02a1069d660e1c682292287c65d3a9fb28208cd01294b');
  let file: StoreFile;

  beforeEach(() => {
    assert.ok(bob !== undefined);
    file = new StoreFile();
    mkdirSync(dirname(file.path));
    const database = new DatabaseSync(file.path);
    database.exec(dumpOf(1));
    database.close();
  });
  afterEach(() => file.remove());

  const backup = () => backupPath(file.path, 1);

  it('has every message, mark, person and file in this version, too', () => {
    const store = file.open();
    assert.ok(bob !== undefined);
    const { entries } = store.messages.pageBefore(bob, undefined, 100);
    assert.deepEqual(
      entries.map(({ from, number, body }) => [from, number, body.kind === 'text' ? body.text : body.kind]),
      [
        ['me', 1, 'hello'],
        ['me', 2, 'سلام، خوبی؟'],
        ['me', 3, 'it\'s a "quote"; -- and a comment\nin two lines'],
        ['peer', 1, 'hi, two of these are read'],
        ['peer', 2, 'and this is not'],
        ['me', 4, 'offer'],
        ['me', 5, 'this waits for you'],
      ],
    );
    const marks = { lastMine: 5, delivered: 4, readByPeer: 2, received: 4, readByMe: 1 };
    assert.deepEqual(store.entries.marks(bob), marks);
    const counts = store.entries.facts(bob);
    assert.deepEqual([counts.unread, counts.undelivered], [1, 1]);
    assert.equal(store.profile.get().name, 'sara');
    assert.equal(store.contacts.get(bob)?.standing, 'accepted');
    const [transfer] = store.transfers.many(['fe491c27bea722ac7f083f714b628ff8']);
    assert.equal(transfer?.state.kind, 'done');
  });

  it('goes on: what waits is sent under its number, and the next one follows it', () => {
    const store = file.open();
    assert.ok(bob !== undefined);
    assert.deepEqual(
      store.entries.mineAfter(bob, 4, 10).map(({ number }) => number),
      [5],
    );
    const next = store.entries.appendMine(bob, {
      id: 'f'.repeat(32),
      at: 1,
      body: { kind: 'text', text: 'new' },
    });
    assert.equal(next.number, 6);
  });

  it('stays beside it as it was for two weeks, in which it may be needed, and no longer', () => {
    file.open().dispose();
    const copy = new DatabaseSync(backup(), { readOnly: true });
    assert.equal(copy.prepare('PRAGMA user_version').get()?.user_version, 1);
    assert.equal(copy.prepare('SELECT count(*) AS count FROM entries').get()?.count, 9);
    copy.close();

    file.open().dispose();
    assert.ok(existsSync(backup()));
    const long = (Date.now() - BACKUP_KEPT_MS) / 1_000 - 1;
    utimesSync(backup(), long, long);
    file.open().dispose();
    assert.ok(!existsSync(backup()));
  });
});
