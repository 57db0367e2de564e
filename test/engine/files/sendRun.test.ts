// One offered file over its sessions, from a real disk, with a carrier that only writes down what it is to send.

import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { mock } from 'node:test';
import type { Failure } from '../../../src/contract/failure.ts';
import type { CarrierKind, TransferState } from '../../../src/contract/transfer.ts';
import type { Carrier, SendingEvents, Source } from '../../../src/engine/carriers/carrier.ts';
import { Carriers } from '../../../src/engine/carriers/carriers.ts';
import type { LiveLink } from '../../../src/engine/connections/liveLink.ts';
import {
  type AgainCounts,
  type ReadyFrame,
  SESSION_RATE,
  SendRun,
} from '../../../src/engine/files/sendRun.ts';
import { SourceFile, stampOf } from '../../../src/engine/io/sourceFile.ts';
import type { LinkIn } from '../../../src/engine/link/linkMessages.ts';
import type { StoredTransfer } from '../../../src/engine/store/transfers.ts';
import { LONGEST_DISK_CALL_MS, READING_MS } from '../../../src/engine/transfer/carrierParams.ts';
import { BLOCK_BYTES } from '../../../src/engine/transfer/params.ts';
import type { SentCounts } from '../../../src/engine/transfer/sentTally.ts';
import { countReads } from '../../support/badDisks.ts';
import { fileDigestOf } from '../../support/fileDigestOf.ts';
import { realTimers } from '../../support/realTimers.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { ALI, id } from '../store/support.ts';

const CONTENT = Buffer.alloc(20 * BLOCK_BYTES);
const REST_MS = 1_000 / SESSION_RATE.perSecond;

describe('a file that is being sent', () => {
  const folder = temporaryFolder();
  let now: number;
  let run: SendRun;
  let states: TransferState[];
  let failures: Failure[];
  let said: LinkIn[];
  let ended: AgainCounts[];
  /** What the next session says that it has sent. */
  let counts: SentCounts;
  /** Of the newest session. */
  let source: Source;
  let session: SendingEvents;
  /** Names of the sessions that the carrier was given, in order, and of those that it still has. */
  let begun: string[];
  let open: string[];
  let wake: () => void;
  let mayFail = false;
  /** While something goes before files. */
  let calm: Promise<void> | undefined;
  let wasAsked: boolean;

  beforeEach(async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    now = 5_000;
    states = [];
    failures = [];
    said = [];
    ended = [];
    counts = { piecesAgainBytes: 0, blocks: [] };
    begun = [];
    open = [];
    wake = () => undefined;
    calm = undefined;
    wasAsked = false;
    const file = path.join(folder.path, 'a.bin');
    await writeFile(file, CONTENT);
    const { sizeBytes, modifiedAt } = await stampOf(file);
    const carriers = new Carriers({ udp: carrier, tls: carrier });
    const transfer: StoredTransfer = {
      ...{ id: id(1), peer: ALI, direction: 'send', name: 'a.bin', mediaType: 'x/y', sizeBytes },
      ...{ state: { kind: 'waiting' }, path: file, sourceModifiedAtMs: modifiedAt },
    };
    const events = {
      onState: (state: TransferState) => states.push(state),
      onFailed: (failure: Failure) => failures.push(failure),
      onEnded: (again: AgainCounts) => ended.push(again),
    };
    run = new SendRun(
      transfer,
      {
        notesFolder: folder.path,
        quiet: () => {
          wasAsked = true;
          return calm;
        },
      },
      carriers,
      events,
      { now: () => now },
    );
  });
  afterEach(() => {
    if (!mayFail) assert.deepEqual(failures, []);
    mayFail = false;
    run.dispose();
    realTimers();
  });

  const carrier: Carrier = {
    receive: () => assert.fail('nothing is received here'),
    send({ session: name }, _missing, opened, events) {
      source = opened;
      session = events;
      begun.push(name);
      open.push(name);
      wake();
      return {
        ended: Promise.resolve(counts),
        dispose() {
          open.splice(open.indexOf(name), 1);
          void opened.close();
        },
      };
    },
  };

  const link = { handle: (input: LinkIn) => said.push(input) } as unknown as LiveLink;
  const nameOf = (number: number) => `${number}`.padStart(16, '0');

  const ask = (number: number, over: CarrierKind = 'udp') =>
    run.start(link, {
      ...{ kind: 'ready', transferId: id(1), session: nameOf(number), firstBlock: 0, carrier: over },
    } satisfies ReadyFrame);

  /** Time goes on. */
  function pass(ms: number): void {
    now += ms;
    mock.timers.tick(ms);
  }

  async function until(number: number): Promise<void> {
    while (!begun.includes(nameOf(number))) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }

  it('is read when nothing goes before files', async () => {
    const busy = Promise.withResolvers<void>();
    calm = busy.promise;
    using reads = countReads(path.join(folder.path, 'a.bin'));
    ask(1);
    await until(1);
    const reading = source.read(0, BLOCK_BYTES);
    while (!wasAsked) await new Promise(setImmediate);
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
    const read = source.read(0, BLOCK_BYTES);
    assert.equal(opening.mock.callCount(), 1);
    opened.resolve();
    assert.equal((await read).length, BLOCK_BYTES);
    opening.mock.restore();
  });

  it('fails where it cannot be opened, though its session has begun', async () => {
    mayFail = true;
    await rm(path.join(folder.path, 'a.bin'));
    ask(1);
    await until(1);
    await assert.rejects(source.read(0, BLOCK_BYTES));
    await source.close();
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
    run.pause();
    pass(REST_MS);
    assert.deepEqual(states.at(-1), { kind: 'waiting' });
  });

  it('says that its disk does not answer while it does not, and fails in clear words after two minutes', async () => {
    mayFail = true;
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

  it('shows another carrier with the first that arrives over it: the rest may be there before it is time', async () => {
    ask(1, 'tls');
    await until(1);
    session.onProgress(BLOCK_BYTES);
    ask(2, 'udp');
    await until(2);
    states.length = 0;
    session.onProgress(BLOCK_BYTES + 1);
    session.onProgress(BLOCK_BYTES + 2);
    assert.deepEqual(
      states.map((state) => (state as { carrier?: unknown }).carrier),
      ['udp'],
    );
  });

  it('says at its end, once, what was sent and read again over all its sessions', async () => {
    counts = { piecesAgainBytes: 3, blocks: [{ start: 0, end: 2 }] };
    ask(1);
    await until(1);
    await source.read(0, BLOCK_BYTES);
    run.pause();
    counts = { piecesAgainBytes: 4, blocks: [{ start: 1, end: 2 }] };
    ask(2);
    await until(2);
    await source.read(0, BLOCK_BYTES);
    await source.read(BLOCK_BYTES, BLOCK_BYTES);
    assert.deepEqual(ended, []);
    run.giveUp();
    run.giveUp();
    await new Promise(setImmediate);
    const again = { piecesAgainBytes: 7, blocksAgainBytes: BLOCK_BYTES, readAgainBytes: BLOCK_BYTES };
    assert.deepEqual(ended, [again]);
  });

  it('is opened by a session when the one before has closed it, and by none that is over meanwhile', async () => {
    const opening = mock.method(SourceFile, 'open');
    const busy = Promise.withResolvers<void>();
    calm = busy.promise;
    ask(1);
    await until(1);
    const read = source.read(0, BLOCK_BYTES).catch(() => 'closed');
    while (!wasAsked) await new Promise(setImmediate);
    for (const number of [2, 3, 4]) {
      ask(number);
      await until(number);
      await new Promise(setImmediate);
    }
    assert.equal(opening.mock.callCount(), 1);
    busy.resolve();
    assert.equal(await read, 'closed');
    await source.read(0, BLOCK_BYTES);
    assert.equal(opening.mock.callCount(), 2);
    opening.mock.restore();
  });

  describe('whose notes are lost', () => {
    const readBlocks = (reads: { readonly counts: readonly number[] }) =>
      reads.counts.reduce((sum, count) => sum + count, 0);

    it('is read for its digest once, by whichever session is open', async () => {
      using reads = countReads(path.join(folder.path, 'a.bin'));
      const before: Promise<unknown>[] = [];
      for (const number of [1, 2]) {
        ask(number);
        await until(number);
        const groups = reads.counts.length;
        before.push(assert.rejects(source.digest()));
        while (reads.counts.length === groups) await new Promise(setImmediate);
      }
      ask(3);
      await until(3);
      assert.equal(await source.digest(), fileDigestOf(CONTENT));
      await Promise.all(before);
      assert.equal(readBlocks(reads), 20);
    });

    it('is not read any more when it is cancelled', async () => {
      using reads = countReads(path.join(folder.path, 'a.bin'));
      ask(1);
      await until(1);
      const digest = assert.rejects(source.digest());
      while (reads.counts.length === 0) await new Promise(setImmediate);
      run.giveUp();
      await digest;
      await source.close();
      assert.equal(readBlocks(reads), 8);
    });

    for (const readMs of [READING_MS / 2, LONGEST_DISK_CALL_MS - READING_MS])
      it(`says that it is read for its digest while each of its reads takes ${readMs} ms`, async () => {
        ask(1);
        await until(1);
        session.onProgress(CONTENT.length);
        let busy = Promise.withResolvers<void>();
        calm = busy.promise;
        const digest = source.digest();
        const from = now;
        for (const next of [Promise.withResolvers<void>(), Promise.withResolvers<void>(), undefined]) {
          while (!wasAsked) await new Promise(setImmediate);
          for (let passed = 0; passed < readMs; passed += READING_MS / 2) pass(READING_MS / 2);
          wasAsked = false;
          calm = next?.promise;
          busy.resolve();
          busy = next ?? busy;
        }
        assert.equal(await digest, fileDigestOf(CONTENT));
        const frame = { kind: 'reading', transferId: id(1), session: nameOf(1) } as const;
        assert.deepEqual(
          said,
          Array(Math.floor((now - from) / READING_MS)).fill({ kind: 'transfer', frame }),
        );
      });
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
});
