// One accepted file over its sessions, on a real disk, with a link that only writes down what it is told.

import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { mock } from 'node:test';
import type { CarrierKind, Transfer } from '../../../src/contract/transfer.ts';
import type { Carrier, ReceivingEvents } from '../../../src/engine/carriers/carrier.ts';
import { Carriers } from '../../../src/engine/carriers/carriers.ts';
import type { Destination } from '../../../src/engine/carriers/receiveSession.ts';
import type { LiveLink } from '../../../src/engine/connections/liveLink.ts';
import { ReceiveRun } from '../../../src/engine/files/receiveRun.ts';
import { DiskCalls } from '../../../src/engine/io/diskCalls.ts';
import { PartialFile } from '../../../src/engine/io/partialFile.ts';
import type { LinkIn } from '../../../src/engine/link/linkMessages.ts';
import { LONGEST_DISK_CALL_MS } from '../../../src/engine/transfer/carrierParams.ts';
import { BLOCK_BYTES } from '../../../src/engine/transfer/params.ts';
import { TLS_CARRIER } from '../../../src/wire/linkFrames.ts';
import { fallingSilent } from '../../support/badDisks.ts';
import { fileDigestOf } from '../../support/fileDigestOf.ts';
import { randomBytesOf } from '../../support/randomBytes.ts';
import { realTimers } from '../../support/realTimers.ts';
import { seededRandom } from '../../support/seededRandom.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { until } from '../../support/until.ts';
import { ALI, id } from '../store/support.ts';

interface Session {
  readonly kind: CarrierKind;
  readonly firstBlock: number;
  readonly destination: Destination;
  readonly events: ReceivingEvents;
  /** How often it has heard that the sender waits for its disk. */
  timesReading: number;
  /** What came of blocks that are not whole. */
  unfinishedBytes: number;
  /** Where it has not told so at once. */
  ended?: Promise<number>;
  isOver: boolean;
}

describe('a file that is being taken', () => {
  const folder = temporaryFolder();
  const notes = temporaryFolder();
  let told: LinkIn[];
  let said: unknown[];
  let sessions: Session[];
  let carriers: Carriers;
  const runs: ReceiveRun[] = [];
  /** Their files. */
  const closings: Promise<void>[] = [];

  beforeEach(() => {
    told = [];
    said = [];
    sessions = [];
    carriers = new Carriers({ udp: carrierOf('udp'), tls: carrierOf('tls') });
  });
  afterEach(async () => {
    for (const run of runs.splice(0)) run.dispose();
    await left();
    await Promise.all(closings.splice(0));
  });

  /** Only writes down what it is to receive. */
  const carrierOf = (kind: CarrierKind): Carrier => ({
    send: () => assert.fail('nothing is sent here'),
    receive(_place, { firstBlock }, destination, events) {
      const session: Session = {
        ...{ kind, firstBlock, destination, events, unfinishedBytes: 0, timesReading: 0, isOver: false },
      };
      sessions.push(session);
      return {
        get ended() {
          return session.ended ?? Promise.resolve(session.unfinishedBytes);
        },
        hearReading: () => {
          session.timesReading++;
        },
        dispose: () => {
          session.isOver = true;
        },
      };
    },
  });

  const link = (...capabilities: string[]) =>
    ({
      peer: ALI,
      channel: { secret: Buffer.alloc(32), remoteHost: '127.0.0.1' },
      hello: { capabilities },
      handle: (input: LinkIn) => told.push(input),
    }) as unknown as LiveLink;

  /** A run of `sizeBytes`, of which the first `blocks` are on the disk from before. */
  async function runWith(sizeBytes: number, blocks: number, mediaType = 'x/y') {
    const bytes = randomBytesOf(seededRandom(1), sizeBytes);
    const transfer: Transfer = {
      ...{ id: id(1), peer: ALI, direction: 'receive', name: 'a.bin', mediaType, sizeBytes },
      state: { kind: 'waiting' },
    };
    const partial = await PartialFile.open({
      ...{ folder: folder.path, notesFolder: notes.path, name: 'a.bin', transferId: transfer.id, sizeBytes },
      disks: new DiskCalls(),
    });
    const close = partial.close.bind(partial);
    partial.close = () => {
      const closing = close();
      closings.push(closing);
      return closing;
    };
    for (let at = 0; at < Math.min(blocks * BLOCK_BYTES, sizeBytes); at += BLOCK_BYTES)
      await partial.write(at, bytes.subarray(at, at + BLOCK_BYTES));
    const run = new ReceiveRun(transfer, partial, carriers, {
      onSession: () => undefined,
      onState: (state) => said.push(state),
      onSaved: (path, sha256) => said.push({ path, sha256 }),
      onOver: () => said.push('over'),
      onFailed: (failure) => said.push(failure),
    });
    runs.push(run);
    return { run, bytes, partial };
  }

  const block = (bytes: Buffer, index: number) =>
    bytes.subarray(index * BLOCK_BYTES, (index + 1) * BLOCK_BYTES);

  const lastSession = () => {
    const session = sessions.at(-1);
    assert.ok(session);
    return session;
  };

  /** Sessions that were ended have said their last word. */
  const left = () => new Promise(setImmediate);

  const ready = () =>
    told.map((input) =>
      input.kind === 'transfer' && input.frame.kind === 'ready' ? input.frame.firstBlock : undefined,
    );

  const attemptsOf = (words: readonly LinkIn[]) =>
    words.flatMap((input) =>
      input.kind === 'transfer' && input.frame.kind === 'ready' ? [input.frame.attempt] : [],
    );

  it('goes on from the first block that is not there', async () => {
    const { run } = await runWith(5 * BLOCK_BYTES, 2);
    run.start(link());
    assert.deepEqual(ready(), [2]);
    assert.deepEqual(said, [{ kind: 'running', bytes: 2 * BLOCK_BYTES, bytesPerSecond: 0, attempt: 1 }]);
  });

  it('knows what came of blocks that were not whole when a session ended', async () => {
    const { run } = await runWith(5 * BLOCK_BYTES, 2);
    for (const bytes of [100, 20]) {
      run.start(link());
      lastSession().unfinishedBytes = bytes;
      run.pause();
      await left();
    }
    run.start(link());
    assert.equal(run.unfinishedBytes, 120);
  });

  for (const sizeBytes of [3 * BLOCK_BYTES, 3 * BLOCK_BYTES - 1, 2 * BLOCK_BYTES + 1]) {
    it(`asks for the last block once more when all ${sizeBytes} bytes came before the digest did`, async () => {
      const { run } = await runWith(sizeBytes, 3);
      run.start(link());
      assert.deepEqual(ready(), [2]);
    });
  }

  it('opens a session of another name on each link, and waits in between', async () => {
    const { run } = await runWith(5 * BLOCK_BYTES, 0);
    run.start(link());
    run.pause();
    run.start(link());
    await left();
    const names = told.map((input) => (input.kind === 'transfer' ? input.frame.session : ''));
    assert.equal(new Set(names).size, 2);
    assert.deepEqual(
      said.map((state) => (state as { kind: string }).kind),
      ['running', 'waiting', 'running'],
    );
  });

  it('does not hear a digest of another session', async () => {
    const { run, bytes } = await runWith(BLOCK_BYTES, 1);
    run.start(link());
    run.onDigest('0'.repeat(16), fileDigestOf(bytes));
    assert.deepEqual(await readdir(folder.path), [`.a.bin.${id(1)}.part`]);
  });

  it('waits half a minute for the digest in each of three tries, then fails', async () => {
    // Also for what its disk is given: a timer is taken back by the kind of clock that it was made by.
    mock.timers.enable({ apis: ['setTimeout'] });
    const { run } = await runWith(BLOCK_BYTES, 1);
    try {
      run.start(link());
      for (const attempt of [1, 2, 3]) {
        assert.deepEqual([ready().length, attemptsOf(told).at(-1)], [attempt, attempt]);
        lastSession().events.onFinished();
        mock.timers.tick(29_999);
        assert.equal(ready().length, attempt);
        mock.timers.tick(1);
        await left();
      }
      assert.equal(ready().length, 3);
    } finally {
      realTimers();
    }
    await until('it has failed', 5_000, async () =>
      said.some((word) => (word as { code?: string }).code === 'transferStalled'),
    );
  });

  it('waits for the disk of its sender, and of no session but the one that is open', async () => {
    const { run } = await runWith(5 * BLOCK_BYTES, 0);
    run.start(link());
    run.onReading('0'.repeat(16));
    assert.equal(lastSession().timesReading, 0);
    const last = told.at(-1);
    assert.ok(last?.kind === 'transfer');
    run.onReading(last.frame.session);
    assert.equal(lastSession().timesReading, 1);
  });

  it('leaves nothing behind when it is given up', async () => {
    const { run } = await runWith(5 * BLOCK_BYTES, 2);
    run.start(link());
    run.giveUp();
    while ((await readdir(folder.path)).length > 0);
    run.start(link());
    assert.equal(told.length, 1);
  });

  it('goes on with what an engine that was killed has left', async () => {
    await runWith(5 * BLOCK_BYTES, 2);
    const { run } = await runWith(5 * BLOCK_BYTES, 0);
    run.start(link());
    assert.deepEqual(ready(), [2]);
  });

  it('keeps what is there when its engine stops', async () => {
    const { run: before } = await runWith(5 * BLOCK_BYTES, 3);
    before.dispose();
    const { run } = await runWith(5 * BLOCK_BYTES, 0);
    run.start(link());
    assert.deepEqual(ready(), [3]);
  });

  describe('over two carriers', () => {
    const asked = () =>
      told.map((input) =>
        input.kind === 'transfer' && input.frame.kind === 'ready'
          ? [input.frame.carrier, input.frame.attempt, input.frame.firstBlock]
          : [],
      );

    it('asks for datagrams when it is a picture, or when the peer knows nothing else, and for a connection else', async () => {
      for (const [mediaType, capabilities, carrier] of [
        ['x/y', [TLS_CARRIER], 'tls'],
        ['image/png', [TLS_CARRIER], 'udp'],
        ['x/y', [], 'udp'],
      ] as const) {
        const { run } = await runWith(5 * BLOCK_BYTES, 0, mediaType);
        run.start(link(...capabilities));
        assert.deepEqual([asked().at(-1), lastSession().kind], [[carrier, 1, 0], carrier]);
        run.giveUp();
        while ((await readdir(folder.path)).length > 0);
      }
    });

    it('goes to the other one when one is lost, in a session of its own, and it is no other try', async () => {
      const { run } = await runWith(5 * BLOCK_BYTES, 1);
      run.start(link(TLS_CARRIER));
      lastSession().events.onLost();
      await left();
      assert.deepEqual(asked(), [
        ['tls', 1, 1],
        ['udp', 1, 1],
      ]);
      assert.deepEqual(
        sessions.map(({ isOver }) => isOver),
        [true, false],
      );
    });

    it('shows the other one with its first block: the rest may be here before it is time to show anything', async () => {
      const { run, bytes } = await runWith(5 * BLOCK_BYTES, 0);
      run.start(link(TLS_CARRIER));
      await lastSession().destination.write(0, block(bytes, 0));
      lastSession().events.onLost();
      while (sessions.length < 2) await new Promise(setImmediate);
      said.length = 0;
      await lastSession().destination.write(BLOCK_BYTES, block(bytes, 1));
      assert.deepEqual(
        said.map((state) => (state as { carrier?: unknown }).carrier),
        ['udp'],
      );
    });

    it('asks for nothing that the session before has and hands over at its end', async () => {
      const { run, bytes } = await runWith(5 * BLOCK_BYTES, 0);
      run.start(link(TLS_CARRIER));
      const before = lastSession();
      const ended = Promise.withResolvers<number>();
      before.ended = ended.promise;
      before.events.onLost();
      assert.deepEqual([before.isOver, asked().length], [true, 1], 'nothing is asked for yet');
      await before.destination.write(0, block(bytes, 0));
      ended.resolve(0);
      await left();
      assert.deepEqual(asked().at(-1), ['udp', 1, 1]);
    });

    it('thinks no better of a carrier because of what the one before hands over at its end', async () => {
      const { run, bytes } = await runWith(5 * BLOCK_BYTES, 0);
      run.start(link(TLS_CARRIER));
      const before = lastSession();
      const ended = Promise.withResolvers<number>();
      before.ended = ended.promise;
      before.events.onLost();
      await before.destination.write(0, block(bytes, 0));
      ended.resolve(0);
      await left();
      const isAlive = () => carriers.ratesWith(ALI).isAlive('udp', performance.now());
      assert.equal(isAlive(), false);
      await lastSession().destination.write(BLOCK_BYTES, block(bytes, 1));
      assert.equal(isAlive(), true);
    });

    it('waits for what is on its way to the disk before it says what is missing', async () => {
      const { run, bytes, partial } = await runWith(5 * BLOCK_BYTES, 0);
      let letGo: () => void = () => undefined;
      const held = new Promise<void>((resolve) => {
        letGo = resolve;
      });
      const write = partial.write.bind(partial);
      partial.write = (offset, block) => held.then(() => write(offset, block));
      run.start(link(TLS_CARRIER));
      const writes = [0, 1, 3].map((index) =>
        lastSession().destination.write(index * BLOCK_BYTES, block(bytes, index)),
      );
      lastSession().events.onLost();
      assert.equal(sessions.length, 1, 'nothing is asked for yet');
      letGo();
      await Promise.all(writes);
      while (sessions.length < 2) await new Promise(setImmediate);
      const last = told.at(-1);
      assert.ok(last?.kind === 'transfer' && last.frame.kind === 'ready');
      assert.deepEqual(
        [last.frame.carrier, last.frame.firstBlock, last.frame.have],
        ['udp', 2, [{ start: 3, end: 4 }]],
      );
      assert.equal(partial.cameAgainBytes, 0);
    });

    describe('while the disk takes nothing', () => {
      let now: number;
      let disk: ReturnType<typeof fallingSilent>;

      beforeEach(() => {
        now = 0;
        disk = fallingSilent(/\.part$/);
        mock.timers.enable({ apis: ['setTimeout'] });
        mock.method(performance, 'now', () => now);
      });
      afterEach(() => {
        realTimers();
        mock.restoreAll();
        disk[Symbol.dispose]();
      });

      /** In steps, as timers are made by timers. */
      const pass = async (ms: number) => {
        for (let passed = 0; passed < ms; passed += 100) {
          now += 100;
          mock.timers.tick(100);
          await new Promise(setImmediate);
        }
      };
      const failures = () => said.flatMap((word) => (word as { code?: string }).code ?? []);

      async function hangs() {
        const { run, bytes } = await runWith(5 * BLOCK_BYTES, 0);
        run.start(link(TLS_CARRIER));
        disk.sleep('writev');
        const { destination } = lastSession();
        destination.write(0, block(bytes, 0)).catch(() => undefined);
        while (disk.asked.length === 0) await new Promise(setImmediate);
      }

      it('blames no carrier, and goes on as soon as it does', async () => {
        await hangs();
        await pass(60_000);
        assert.deepEqual(failures(), []);
        disk.wake();
        while (asked().at(-1)?.[2] !== 1) await new Promise(setImmediate);
        assert.equal(asked().at(-1)?.[1], 1, 'its tries begin anew');
        assert.deepEqual(failures(), []);
      });

      it('fails in two minutes, in words about the disk, and leaves nothing', async () => {
        await hangs();
        await pass(LONGEST_DISK_CALL_MS + 1_000);
        while (failures().length === 0) await new Promise(setImmediate);
        assert.deepEqual(said.at(-1), { code: 'folderSlow', details: { path: folder.path } });
        assert.deepEqual(failures(), ['folderSlow']);
        disk.wake();
        while ((await readdir(folder.path)).length > 0) await new Promise(setImmediate);
        assert.deepEqual(await readdir(notes.path), []);
      });
    });

    it('shows the carrier of the last bytes, and none before there are any', async () => {
      const { run, bytes } = await runWith(5 * BLOCK_BYTES, 0);
      run.start(link(TLS_CARRIER));
      await lastSession().destination.write(0, block(bytes, 0));
      lastSession().events.onLost();
      const carriersShown = said.map((state) => (state as { carrier?: string }).carrier);
      assert.deepEqual(carriersShown, [undefined, 'tls']);
    });
  });

  it('calls nothing damaged that fails for a reason nobody knows', async () => {
    const { run } = await runWith(2 * BLOCK_BYTES, 0);
    run.start(link());
    lastSession().events.onFailed(new TypeError('not what was expected'));
    while (said.length < 2) await new Promise(setImmediate);
    const detail = 'not what was expected';
    assert.deepEqual(said.at(-1), { code: 'receiveFailed', details: { name: 'a.bin', detail } });
  });
});
