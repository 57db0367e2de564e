import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, readlinkSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { FailureError, fail, failureText } from '../../../src/contract/failure.ts';
import { type Contact, MAX_STRANGERS } from '../../../src/engine/store/contacts.ts';
import { Database } from '../../../src/engine/store/database.ts';
import { openStore, type Store } from '../../../src/engine/store/store.ts';
import { StoreBusy } from '../../../src/engine/store/storeBusy.ts';
import type { StoredTransfer } from '../../../src/engine/store/transfers.ts';
import { ALI, BABAK, id, STORED_AT, StoreFile, said, text } from './support.ts';

const onPosix = process.platform === 'win32' ? () => {} : it;
const onLinux = process.platform === 'linux' ? it : () => {};

describe('the store', () => {
  let file: StoreFile;

  beforeEach(() => {
    file = new StoreFile();
  });
  afterEach(() => file.remove());

  const isUnusable = (error: unknown) =>
    error instanceof FailureError && error.failure.code === 'databaseUnusable';

  it('is held by one handle at a time, and free again when that is disposed', () => {
    const store = file.open();
    assert.throws(() => file.open(), StoreBusy);
    store.dispose();
    store.dispose();
    file.open().dispose();
  });

  it('lets no other program read or write beside it', () => {
    file.open();
    const other = new DatabaseSync(file.path);
    assert.throws(() => other.exec('SELECT * FROM entries'), { errcode: 5 });
    other.close();
  });

  it('is busy, not broken, while another program has its file open', () => {
    file.open().dispose();
    const other = new DatabaseSync(file.path);
    other.exec('BEGIN; SELECT * FROM entries');
    assert.throws(() => file.open(), StoreBusy);
    other.close();
    file.open().dispose();
  });

  onPosix('keeps its files to their owner', () => {
    const store = file.open();
    store.entries.appendMine(ALI, said(text('secret')));
    for (const path of [file.path, `${file.path}-wal`]) assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.equal(statSync(dirname(file.path)).mode & 0o777, 0o700);
  });

  it('waits until the disk has what it stores for good, on macOS, too, where a sync is not that', () => {
    file.open().dispose();
    const database = new Database(file.path);
    assert.deepEqual(database.prepare('PRAGMA fullfsync').get(), { fullfsync: 1 });
    assert.deepEqual(database.prepare('PRAGMA synchronous').get(), { synchronous: 2 });
    database.close();
  });

  onLinux('keeps what it may have to undo in memory: no file outside its folder has any of it', () => {
    file.open().dispose();
    const store = file.open();
    const sizes = [...Array(200).keys()];
    for (const at of sizes) store.entries.appendMine(ALI, said(text('word '.repeat(200)), at));
    const edit = (at: number) => {
      const message = store.messages.get(ALI, id(at));
      assert.ok(message);
      store.messages.edit(message, `edited ${at}`, STORED_AT);
    };
    store.transaction(() => store.transaction(() => sizes.forEach(edit)));
    assert.deepEqual(
      openFiles().filter((path) => path.includes('etilqs_')),
      [],
    );
  });

  for (const [what, content] of Object.entries({
    'a file that is no database': Buffer.alloc(8192, 'x'),
    'a database with nothing after its header': Buffer.concat([
      Buffer.from('SQLite format 3\0'),
      Buffer.alloc(4080, 0xee),
    ]),
  })) {
    it(`refuses ${what} with words, and leaves it as it is`, () => {
      mkdirSync(dirname(file.path));
      writeFileSync(file.path, content);
      assert.throws(() => file.open(), isUnusable);
      assert.ok(readFileSync(file.path).equals(content));
    });
  }

  it('says so when damage shows only later', () => {
    file.open().dispose();
    const schemaBytes = statSync(file.path).size;
    const filled = file.open();
    filled.transaction(() => {
      for (let i = 1; i <= 200; i++) filled.entries.appendMine(ALI, said(text('x'.repeat(1000)), i));
    });
    filled.dispose();
    const bytes = readFileSync(file.path);
    writeFileSync(file.path, bytes.fill(0xee, schemaBytes));
    const store = file.open();
    assert.throws(() => store.messages.pageBefore(ALI, undefined, 200), isUnusable);
  });

  onPosix('says so when its folder cannot be made', () => {
    writeFileSync(dirname(file.path), 'a file stands in the way');
    assert.throws(() => file.open(), isUnusable);
  });

  onPosix('says so when its file cannot be opened', () => {
    mkdirSync(file.path, { recursive: true });
    assert.throws(() => file.open(), isUnusable);
  });

  it('frees the lock when it could not open its file', () => {
    mkdirSync(dirname(file.path));
    writeFileSync(file.path, 'x'.repeat(8192));
    assert.throws(() => file.open(), isUnusable);
    assert.throws(() => file.open(), isUnusable);
  });

  describe('a transaction', () => {
    it('writes all or nothing', () => {
      const store = file.open();
      const stop = new Error('stop');
      const work = () => {
        store.entries.appendMine(ALI, said(text('one')));
        store.profile.set({ name: 'Sara' });
        throw stop;
      };
      assert.throws(() => store.transaction(work), stop);
      assert.equal(store.entries.marks(ALI).lastMine, 0);
      assert.deepEqual(store.profile.get(), {});
    });

    it('undoes only its own part when it fails inside another one', () => {
      const store = file.open();
      const failing = () =>
        store.transaction(() => {
          store.profile.set({ name: 'inner' });
          throw fail('textEmpty', {});
        });
      const answer = store.transaction(() => {
        store.profile.set({ name: 'outer' });
        assert.throws(failing, FailureError);
        store.entries.appendMine(ALI, said(text('kept')));
        return 7;
      });
      assert.equal(answer, 7);
      assert.equal(store.profile.get().name, 'outer');
      assert.equal(store.entries.marks(ALI).lastMine, 1);
    });
  });

  describe('the profile', () => {
    it('keeps the last port apart from who I am', () => {
      const store = file.open();
      assert.equal(store.profile.lastPort, undefined);
      store.profile.lastPort = 4711;
      store.profile.set({ name: 'Sara', registryUrl: 'http://127.0.0.1:8000' });
      store.profile.lastPort = 4712;
      assert.deepEqual(store.profile.get(), { name: 'Sara', registryUrl: 'http://127.0.0.1:8000' });
      store.profile.set({});
      assert.equal(store.profile.lastPort, 4712);
      assert.deepEqual(store.profile.get(), {});
    });

    it('keeps until when nobody disturbs me apart from who I am', () => {
      const store = file.open();
      assert.equal(store.profile.doNotDisturbUntil, undefined);
      store.profile.doNotDisturbUntil = STORED_AT;
      store.profile.set({ name: 'Sara' });
      store.profile.lastPort = 4711;
      assert.equal(store.profile.doNotDisturbUntil, STORED_AT);
      store.profile.doNotDisturbUntil = undefined;
      assert.deepEqual([store.profile.doNotDisturbUntil, store.profile.get()], [undefined, { name: 'Sara' }]);
    });

    it('is empty at first, and then what it was set to', () => {
      const store = file.open();
      assert.deepEqual(store.profile.get(), {});
      store.profile.set({ name: 'سارا', registryUrl: 'http://127.0.0.1:8000' });
      assert.deepEqual(store.profile.get(), { name: 'سارا', registryUrl: 'http://127.0.0.1:8000' });
      store.profile.set({ registryUrl: 'http://127.0.0.1:8000', name: undefined });
      assert.deepEqual(store.profile.get(), { registryUrl: 'http://127.0.0.1:8000' });
    });
  });

  describe('contacts', () => {
    const ali: Contact = {
      fingerprint: ALI,
      name: 'Ali',
      standing: 'accepted',
      connectWanted: true,
      lastSeenAt: STORED_AT,
      hosts: ['192.168.1.5', 'fd00::1'],
      tcpPort: 5000,
      nameConflict: BABAK,
      verifiedAt: STORED_AT,
      autoAccept: false,
    };
    const stranger = (number: number, lastSeenAt: number): Contact => ({
      ...{ name: `stranger ${number}`, standing: 'unknown', connectWanted: false, hosts: [], lastSeenAt },
      fingerprint: number.toString(16).padStart(64, '0') as Contact['fingerprint'],
    });

    it('come back as they were put', () => {
      const store = file.open();
      store.contacts.put(ali);
      assert.deepEqual(store.contacts.get(ALI), ali);
      assert.deepEqual(store.contacts.all(), [ali]);
      assert.equal(store.contacts.get(BABAK), undefined);
      store.contacts.put({ ...ali, autoAccept: true });
      assert.equal(store.contacts.get(ALI)?.autoAccept, true);
    });

    it('are replaced whole', () => {
      const store = file.open();
      const {
        nameConflict: _,
        tcpPort: __,
        verifiedAt: ___,
        autoAccept: ____,
        ...less
      } = { ...ali, standing: 'blocked', hosts: [] } as const;
      store.contacts.put(ali);
      store.contacts.put({ ...less, nameConflict: undefined });
      assert.deepEqual(store.contacts.get(ALI), less);
    });

    it('are written only where something differs', () => {
      const store = file.open();
      const less = { ...ali, hosts: [], autoAccept: undefined };
      const written = [ali, { ...ali }, { ...ali, hosts: [] }, less, { ...less }].map((contact) =>
        store.contacts.put(contact),
      );
      assert.deepEqual(written, [true, false, true, true, false]);
    });

    it('forget strangers with whom I never spoke, the longest unseen first, when there are too many', () => {
      const store = file.open();
      const spokenTo = stranger(0, 1);
      store.transaction(() => {
        store.contacts.put({ ...ali, lastSeenAt: 1 });
        store.contacts.put(spokenTo);
        store.contacts.put({ ...stranger(6000, 1), name: 'compared', verifiedAt: 1 });
        store.contacts.put({ ...stranger(7000, 1), name: 'wanted', connectWanted: true });
        store.entries.appendMine(spokenTo.fingerprint, said(text('hello')));
        for (let i = 1; i <= MAX_STRANGERS; i++) store.contacts.put(stranger(i, 1000 + i));
      });
      store.contacts.put(stranger(5000, 9000));
      const left = new Set(store.contacts.all().map(({ name }) => name));
      assert.equal(left.size, MAX_STRANGERS + 4);
      for (const name of ['Ali', 'compared', 'wanted', 'stranger 0', 'stranger 2', 'stranger 5000'])
        assert.ok(left.has(name), name);
      assert.ok(!left.has('stranger 1'));
    });
  });

  describe('transfers', () => {
    const sent: StoredTransfer = {
      id: id(1),
      peer: ALI,
      direction: 'send',
      name: 'نقشه.png',
      mediaType: 'image/png',
      sizeBytes: 123_456_789,
      width: 1920,
      height: 1080,
      placeholder: 'AAEC',
      thumbnailPath: '/t/1.jpg',
      path: '/home/me/a.png',
      sourceModifiedAtMs: 1_700_000_000_000.5,
      state: { kind: 'offered' },
    };
    const received: StoredTransfer = {
      ...{ id: id(2), peer: BABAK, direction: 'receive', name: 'b.bin', mediaType: 'application/x' },
      sizeBytes: 1,
      folder: '/downloads',
      state: { kind: 'waiting' },
    };
    const insertBoth = (store: Store) => {
      assert.ok(store.transfers.insert(sent));
      assert.ok(store.transfers.insert(received));
    };

    it('come back as they were put', () => {
      const store = file.open();
      insertBoth(store);
      assert.deepEqual(store.transfers.get(sent.id), sent);
      assert.deepEqual(store.transfers.many([received.id, id(9), sent.id]), [received, sent]);
      assert.equal(store.transfers.get(id(9)), undefined);
    });

    it('cannot be replaced by a peer who offers something under a known id', () => {
      const store = file.open();
      insertBoth(store);
      assert.ok(!store.transfers.insert({ ...received, id: sent.id }));
      assert.deepEqual(store.transfers.get(sent.id), sent);
    });

    it('keep every state but running, which nothing is after a restart', () => {
      const store = file.open();
      insertBoth(store);
      const states: StoredTransfer['state'][] = [
        { kind: 'offered' },
        { kind: 'checking' },
        { kind: 'done', at: STORED_AT, sha256: '0'.repeat(64) },
        { kind: 'rejected' },
        { kind: 'cancelled', by: 'peer' },
        { kind: 'failed', failure: { code: 'fileChanged', details: { name: 'a' } } },
        { kind: 'waiting' },
      ];
      for (const state of states) {
        store.transfers.update({ ...sent, state });
        assert.deepEqual(store.transfers.get(sent.id)?.state, state);
      }
      const running = { kind: 'running', bytes: 5, bytesPerSecond: 6, attempt: 1 } as const;
      assert.ok(!store.transfers.update({ ...sent, state: running }));
      assert.deepEqual(store.transfers.get(sent.id)?.state, { kind: 'waiting' });
    });

    it('change what may change and nothing else', () => {
      const store = file.open();
      insertBoth(store);
      const news = { path: '/downloads/b.bin', thumbnailPath: '/t/2.png', width: 3, height: 4 };
      assert.ok(store.transfers.update({ ...received, ...news, name: 'other', peer: ALI }));
      assert.deepEqual(store.transfers.get(received.id), { ...received, ...news });
      assert.ok(!store.transfers.update({ ...received, id: id(9) }));
    });

    it('are unfinished until their state is final, for each person and for all', () => {
      const store = file.open();
      insertBoth(store);
      store.transfers.insert({ ...sent, id: id(3), state: { kind: 'rejected' } });
      const ids = (transfers: StoredTransfer[]) => transfers.map((transfer) => transfer.id);
      assert.deepEqual(ids(store.transfers.unfinished()), [sent.id, received.id]);
      assert.deepEqual(ids(store.transfers.unfinished(ALI)), [sent.id]);
      store.transfers.update({ ...sent, state: { kind: 'cancelled', by: 'me' } });
      assert.deepEqual(ids(store.transfers.unfinished()), [received.id]);
    });
  });

  it('says in words what is wrong and what to do', () => {
    mkdirSync(dirname(file.path));
    writeFileSync(file.path, 'x'.repeat(8192));
    const open = () => openStore(file.path, { clock: { now: () => 0 } });
    assert.throws(
      open,
      (error) => error instanceof FailureError && /move it away/.test(failureText(error.failure)),
    );
  });
});

function openFiles(): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)];
    } catch {
      return [];
    }
  });
}
