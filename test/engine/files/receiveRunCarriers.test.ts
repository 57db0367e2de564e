// One accepted file and the carriers that it may take: which comes first, what is asked for over the other, and a disk that is to blame.

import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import {
  LONGEST_DISK_CALL_MS,
  MEETING_MS,
  SILENT_MS,
  TRY_MS,
} from '../../../src/engine/transfer/carrierParams.ts';
import { BLOCK_BYTES } from '../../../src/engine/transfer/params.ts';
import { TLS_CARRIER } from '../../../src/wire/linkFrames.ts';
import { fallingSilent } from '../../support/badDisks.ts';
import { passingTime } from '../../support/passingTime.ts';
import { ALI } from '../store/support.ts';
import { receiveTrial } from './receiveTrial.ts';

describe('a file that is being taken over two carriers', () => {
  const { folder, notes, told, said, sessions, link, runWith, block, lastSession, left, carriers } =
    receiveTrial();

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

  /** A file whose connection is lost, and hands its first block over only then. */
  async function lateBlock() {
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
    return bytes;
  }

  it('asks for nothing that the session before has and hands over at its end', async () => {
    await lateBlock();
    assert.deepEqual(asked().at(-1), ['udp', 1, 1]);
  });

  it('thinks no better of a carrier because of what the one before hands over at its end', async () => {
    const bytes = await lateBlock();
    const isAlive = () => carriers().ratesWith(ALI).isAlive('udp', performance.now());
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

  describe('as time passes', () => {
    const pass = passingTime(100);
    const failures = () => said.flatMap((word) => (word as { code?: string }).code ?? []);

    it('leaves one that falls silent once the disk has what it brought', async () => {
      const { run, bytes } = await runWith(5 * BLOCK_BYTES, 0);
      run.start(link(TLS_CARRIER));
      await lastSession().destination.write(0, block(bytes, 0));
      await pass(SILENT_MS - 100);
      assert.deepEqual(asked(), [['tls', 1, 0]]);
      await pass(100);
      assert.deepEqual(asked().slice(1), [['udp', 1, 1]]);
    });

    it('has one to blame for silence, however many links have come', async () => {
      const { run } = await runWith(5 * BLOCK_BYTES, 0);
      for (let links = 0; links < 3; links++) {
        run.start(link(TLS_CARRIER));
        await pass(400);
      }
      await pass(SILENT_MS + 300);
      assert.deepEqual(
        asked().map(([carrier]) => carrier),
        ['tls', 'tls', 'tls', 'udp'],
      );
    });

    it('leaves none once all is there, nor once there is no link', async () => {
      const { run } = await runWith(BLOCK_BYTES, 1);
      run.start(link(TLS_CARRIER));
      lastSession().events.onFinished();
      await pass(20_000);
      assert.equal(asked().length, 1);
      run.start(link(TLS_CARRIER));
      await left();
      run.pause();
      await pass(20_000);
      assert.equal(asked().length, 2);
    });

    for (const [there, carriers] of [
      [80, ['tls']],
      [0, ['tls', 'udp']],
    ] as const)
      it(`tries ${carriers.length} for a file of 100 blocks that has ${there} behind the first gap`, async () => {
        const { run, bytes, partial } = await runWith(100 * BLOCK_BYTES, 0);
        for (let index = 20; index < 20 + there; index++)
          await partial.write(index * BLOCK_BYTES, block(bytes, index));
        run.start(link(TLS_CARRIER));
        for (let index = 0; index < 12; index++) {
          await pass(100);
          await lastSession().destination.write(index * BLOCK_BYTES, block(bytes, index));
        }
        await left();
        assert.deepEqual(
          asked().map(([carrier]) => carrier),
          carriers,
        );
      });

    describe('while the session before has not let go, as its thread is not run', () => {
      let letGo: (unfinishedBytes: number) => void;
      const isSilent = () => carriers().ratesWith(ALI).isSilent('tls', performance.now());

      beforeEach(async () => {
        const { run } = await runWith(5 * BLOCK_BYTES, 0, 'image/png');
        run.start(link(TLS_CARRIER));
        const ended = Promise.withResolvers<number>();
        lastSession().ended = ended.promise;
        letGo = ended.resolve;
      });

      it('does not blame the other one, which is asked for only then and has all its time', async () => {
        await pass(6_000);
        assert.deepEqual([asked(), isSilent()], [[['udp', 1, 0]], false]);
        letGo(0);
        await pass(SILENT_MS - 100);
        assert.deepEqual([asked().slice(1), isSilent()], [[['tls', 1, 0]], false]);
        await pass(MEETING_MS);
        assert.deepEqual([asked()[2]?.[0], isSilent()], ['udp', true]);
      });

      it('fails after three tries where it never does', async () => {
        await pass(3 * TRY_MS + 1_000);
        while (failures().length === 0) await new Promise(setImmediate);
        assert.deepEqual(failures(), ['transferStalled']);
      });
    });

    describe('while the disk takes nothing', () => {
      let disk: ReturnType<typeof fallingSilent>;

      beforeEach(() => {
        disk = fallingSilent(/\.part$/);
      });
      afterEach(() => disk[Symbol.dispose]());

      async function hangs() {
        const { run, bytes } = await runWith(5 * BLOCK_BYTES, 0);
        run.start(link(TLS_CARRIER));
        disk.sleep('writev');
        const { destination } = lastSession();
        destination.write(0, block(bytes, 0)).catch(() => undefined);
        while (disk.asked.length === 0) await new Promise(setImmediate);
        return run;
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

      it('asks for nothing where its link has gone by the time that it does', async () => {
        const run = await hangs();
        await pass(60_000);
        const before = asked().length;
        run.pause();
        disk.wake();
        for (let turns = 0; turns < 20; turns++) await new Promise(setImmediate);
        assert.deepEqual([asked().length, failures()], [before, []]);
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
