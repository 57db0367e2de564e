// One offered file over its sessions: when each begins, what is read for it, and what is told meanwhile.

import assert from 'node:assert/strict';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { mock } from 'node:test';
import { SESSION_RATE } from '../../../src/engine/files/sendRun.ts';
import { BlockNotes } from '../../../src/engine/io/blockNotes.ts';
import { SourceFile } from '../../../src/engine/io/sourceFile.ts';
import { LONGEST_DISK_CALL_MS, READING_MS } from '../../../src/engine/transfer/carrierParams.ts';
import { BLOCK_BYTES } from '../../../src/engine/transfer/params.ts';
import { countReads, fullDisk } from '../../support/badDisks.ts';
import { id } from '../store/support.ts';
import { CONTENT, sendTrial } from './sendTrial.ts';

const REST_MS = 1_000 / SESSION_RATE.perSecond;

describe('a file that is being sent', () => {
  const trial = sendTrial();
  const { folder, states, failures, said, ended, begun, open, nameOf, ask, pass, until } = trial;

  it('is read when nothing goes before files', async () => {
    const busy = Promise.withResolvers<void>();
    trial.calm = busy.promise;
    using reads = countReads(path.join(folder.path, 'a.bin'));
    ask(1);
    await until(1);
    const reading = trial.source.read(0, BLOCK_BYTES);
    while (!trial.wasAsked) await new Promise(setImmediate);
    assert.deepEqual(reads.counts, []);
    busy.resolve();
    await reading;
    assert.deepEqual(reads.counts, [1]);
  });

  it('is opened once, however often the same session is asked for', async () => {
    for (let times = 0; times < 100; times++) ask(1);
    await until(1);
    ask(1);
    assert.equal(states.length, 1, 'windows are told once');
    ask(2);
    await until(2);
    assert.deepEqual([begun, open], [[nameOf(1), nameOf(2)], [nameOf(2)]]);
  });

  it('has one session even where a name comes again while the file is being opened', async () => {
    const opening = mock.method(SourceFile, 'open');
    for (const number of [1, 2, 1]) ask(number);
    await until(1);
    await Promise.all(opening.mock.calls.map(({ result }) => result));
    assert.equal(opening.mock.callCount(), 1, 'for those that are over already nobody opens it');
    opening.mock.restore();
    ask(3);
    await until(3);
    assert.deepEqual([begun, open], [[nameOf(1), nameOf(3)], [nameOf(3)]]);
  });

  it('can be met while it is being opened, and what is asked of it waits for that', async () => {
    const opened = Promise.withResolvers<void>();
    const { open: really } = SourceFile;
    const opening = mock.method(SourceFile, 'open', async (...args: Parameters<typeof really>) => {
      await opened.promise;
      return really.apply(SourceFile, args);
    });
    ask(1);
    await until(1);
    const read = trial.source.read(0, BLOCK_BYTES);
    assert.equal(opening.mock.callCount(), 1);
    opened.resolve();
    assert.equal((await read).length, BLOCK_BYTES);
    opening.mock.restore();
  });

  it('fails where it cannot be opened, though its session has begun', async () => {
    trial.mayFail = true;
    await rm(path.join(folder.path, 'a.bin'));
    ask(1);
    await until(1);
    await assert.rejects(trial.source.read(0, BLOCK_BYTES));
    await trial.source.close();
    const details = { path: path.join(folder.path, 'a.bin'), detail: 'ENOENT' };
    assert.deepEqual([failures, open], [[{ code: 'fileUnreadable', details }], []]);
  });

  it('is begun anew at a bounded pace, for the newest that asked', async () => {
    for (let number = 1; number <= 1_000; number++) ask(number);
    assert.equal(states.length, SESSION_RATE.burst);
    pass(REST_MS);
    await until(1_000);
    pass(10 * REST_MS);
    assert.deepEqual(
      [begun.at(-1), open, states.length],
      [nameOf(1_000), [nameOf(1_000)], SESSION_RATE.burst + 1],
    );
  });

  it('is not begun any more once the link is gone', () => {
    for (let number = 1; number <= SESSION_RATE.burst + 1; number++) ask(number);
    trial.run.pause();
    pass(REST_MS);
    assert.deepEqual(states.at(-1), { kind: 'waiting' });
  });

  it('says that its disk does not answer while it does not, and fails in clear words after two minutes', async () => {
    trial.mayFail = true;
    const opening = mock.method(SourceFile, 'open', () => new Promise(() => undefined));
    ask(1);
    while (opening.mock.callCount() === 0) await new Promise(setImmediate);
    opening.mock.restore();
    for (let waited = READING_MS; waited < LONGEST_DISK_CALL_MS; waited += READING_MS) pass(READING_MS);
    const frame = { kind: 'reading', transferId: id(1), session: nameOf(1) } as const;
    assert.deepEqual(said, Array(LONGEST_DISK_CALL_MS / READING_MS - 1).fill({ kind: 'transfer', frame }));
    assert.deepEqual(failures, []);
    pass(READING_MS);
    const details = { path: path.join(folder.path, 'a.bin'), seconds: 120 };
    assert.deepEqual(failures, [{ code: 'fileSlow', details }]);
    pass(LONGEST_DISK_CALL_MS);
    assert.equal(said.length, LONGEST_DISK_CALL_MS / READING_MS - 1);
  });

  it('says the same while the thread that is to send it is not run, until that asks for something', async () => {
    ask(1);
    await until(1);
    for (let times = 0; times < 2; times++) pass(READING_MS);
    assert.equal(said.length, 2);
    await trial.source.read(0, BLOCK_BYTES);
    pass(10 * READING_MS);
    assert.equal(said.length, 2);
  });

  it('shows another carrier with the first that arrives over it: the rest may be there before it is time', async () => {
    ask(1, 'tls');
    await until(1);
    trial.session.onProgress(BLOCK_BYTES);
    ask(2, 'udp');
    await until(2);
    states.length = 0;
    trial.session.onProgress(BLOCK_BYTES + 1);
    trial.session.onProgress(BLOCK_BYTES + 2);
    assert.deepEqual(
      states.map((state) => (state as { carrier?: unknown }).carrier),
      ['udp'],
    );
  });

  it('says at its end, once, what was sent and read again over all its sessions', async () => {
    trial.counts = { piecesAgainBytes: 3, blocks: [{ start: 0, end: 2 }] };
    ask(1);
    await until(1);
    await trial.source.read(0, BLOCK_BYTES);
    trial.run.pause();
    trial.counts = { piecesAgainBytes: 4, blocks: [{ start: 1, end: 2 }] };
    ask(2);
    await until(2);
    await trial.source.read(0, BLOCK_BYTES);
    await trial.source.read(BLOCK_BYTES, BLOCK_BYTES);
    assert.deepEqual(ended, []);
    trial.run.giveUp();
    await new Promise(setImmediate);
    trial.run.giveUp();
    await new Promise(setImmediate);
    const again = { piecesAgainBytes: 7, blocksAgainBytes: BLOCK_BYTES, readAgainBytes: BLOCK_BYTES };
    assert.deepEqual(ended, [again]);
  });

  it('is opened by a session when the one before has closed it, and by none that is over meanwhile', async () => {
    const opening = mock.method(SourceFile, 'open');
    const busy = Promise.withResolvers<void>();
    trial.calm = busy.promise;
    ask(1);
    await until(1);
    const read = trial.source.read(0, BLOCK_BYTES).catch(() => 'closed');
    while (!trial.wasAsked) await new Promise(setImmediate);
    for (const number of [2, 3, 4]) {
      ask(number);
      await until(number);
      await new Promise(setImmediate);
    }
    assert.equal(opening.mock.callCount(), 1);
    busy.resolve();
    assert.equal(await read, 'closed');
    await trial.source.read(0, BLOCK_BYTES);
    assert.equal(opening.mock.callCount(), 2);
    opening.mock.restore();
  });

  it('waits for nothing where its receiver asks once a second', async () => {
    for (let number = 1; number <= 40; number++) {
      ask(number);
      assert.equal(states.length, number);
      pass(1_000);
    }
    await until(40);
    assert.deepEqual(open, [nameOf(40)]);
  });

  it('begins no session behind its end, and none once it is over', async () => {
    ask(1, 'udp', { firstBlock: 20 });
    trial.run.giveUp();
    ask(2);
    await new Promise(setImmediate);
    assert.deepEqual([begun, states], [[], []]);
    ask(3);
    trial.run.pause();
    assert.deepEqual(states, [], 'nor does it wait for another link');
  });

  it('shows where it goes on, in which try, and over which carrier, also where an older version asks', async () => {
    const shown = () => states.map((state) => [state.kind, (state as { attempt?: number }).attempt]);
    ask(1, 'tls', { firstBlock: 19, attempt: 9 });
    ask(2, 'tls', { attempt: 2 });
    trial.run.pause();
    for (const number of [3, 4]) {
      const older = { kind: 'ready', transferId: id(1), session: nameOf(number), firstBlock: 0 } as const;
      trial.run.start(trial.link, older);
    }
    await until(4);
    assert.deepEqual(states[0], {
      ...{ kind: 'running', bytes: 19 * BLOCK_BYTES, bytesPerSecond: 0, attempt: 3 },
    });
    const tries = [3, 2, undefined, 1, 2];
    assert.deepEqual(
      shown().map(([, attempt]) => attempt),
      tries,
    );
    states.length = 0;
    pass(1_000);
    trial.session.onProgress(BLOCK_BYTES);
    const now = { kind: 'running', bytes: BLOCK_BYTES, bytesPerSecond: BLOCK_BYTES, attempt: 2 } as const;
    assert.deepEqual(states, [{ ...now, carrier: 'udp' }]);
  });

  it('is checked once its session has sent all, not where one before it says so late', async () => {
    ask(1);
    await until(1);
    const before = trial.session;
    trial.run.pause();
    before.onFinished();
    assert.equal(states.at(-1)?.kind, 'waiting');
    ask(2);
    await until(2);
    before.onFinished();
    assert.equal(states.at(-1)?.kind, 'running');
    trial.session.onFinished();
    assert.equal(states.at(-1)?.kind, 'checking');
  });

  it('has the link ask for a sign of life of a receiver that is not heard any more, and goes on as before', async () => {
    ask(1);
    await until(1);
    const shown = states.length;
    trial.session.onStalled();
    assert.deepEqual(said, [{ kind: 'probe' }]);
    assert.deepEqual([states.length, open], [shown, [nameOf(1)]]);
  });

  it('fails once, and calls nothing unreadable that fails for a reason nobody knows', async () => {
    trial.mayFail = true;
    ask(1);
    await until(1);
    for (const message of ['not what was expected', 'nor this'])
      trial.session.onFailed(new TypeError(message));
    const details = { name: 'a.bin', detail: 'not what was expected' };
    assert.deepEqual(failures, [{ code: 'sendFailed', details }]);
  });

  it('fails in words about the disk where that has no room for what is noted of it', async () => {
    trial.mayFail = true;
    using _disk = fullDisk(/\.blocks$/, 0);
    ask(1);
    while (failures.length === 0) await new Promise(setImmediate);
    assert.deepEqual(failures, [{ code: 'diskFull', details: { path: folder.path } }]);
  });

  it('says nothing of its disk once the link is gone, or once that has answered', async () => {
    const wait = Promise.withResolvers<void>();
    trial.calm = wait.promise;
    ask(1, 'udp', { firstBlock: 2 });
    await until(1);
    const lost = assert.rejects(trial.source.read(2 * BLOCK_BYTES, BLOCK_BYTES));
    while (!trial.wasAsked) await new Promise(setImmediate);
    pass(READING_MS);
    assert.equal(said.length, 1, 'all before is there: it is this block that is waited for');
    trial.run.pause();
    pass(10 * READING_MS);
    wait.resolve();
    await lost;
    ask(2);
    await until(2);
    await trial.source.read(0, BLOCK_BYTES);
    pass(10 * READING_MS);
    assert.equal(said.length, 1);
  });

  describe('and its notes', () => {
    const notes = async () => (await readdir(folder.path)).filter((name) => name.endsWith('.blocks'));

    beforeEach(async () => {
      ask(1);
      await until(1);
      await trial.source.read(0, BLOCK_BYTES);
    });

    it('are written and let go when the engine stops, for the next one', async () => {
      const closing = mock.method(BlockNotes.prototype, 'close');
      trial.run.dispose();
      while (closing.mock.callCount() === 0) await new Promise(setImmediate);
      await closing.mock.calls[0]?.result;
      closing.mock.restore();
      const place = { notesFolder: folder.path, transferId: id(1) };
      const left = await BlockNotes.open(place, CONTENT.length);
      assert.equal(left.count, 1);
      await left.close();
    });

    it('are gone when it is given up', async () => {
      assert.equal((await notes()).length, 1);
      trial.run.giveUp();
      while ((await notes()).length > 0) await new Promise(setImmediate);
    });
  });
});
