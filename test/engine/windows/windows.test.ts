// Seats at the engine over streams in memory.

import assert from 'node:assert/strict';
import { PassThrough, Writable } from 'node:stream';
import type { FailureError } from '../../../src/contract/failure.ts';
import { RpcClient } from '../../../src/contract/rpc.ts';
import type { RegistryState } from '../../../src/contract/state.ts';
import { OLDEST_CONTRACT } from '../../../src/contract/versions.ts';
import { NoticeClaims } from '../../../src/engine/windows/noticeClaims.ts';
import { Published } from '../../../src/engine/windows/published.ts';
import { type EngineCommands, Windows } from '../../../src/engine/windows/windows.ts';
import { PromptReader } from '../../../src/pipe/promptReader.ts';
import { PromptWriter } from '../../../src/pipe/promptWriter.ts';
import { ALI } from '../store/support.ts';

const JOINING: RegistryState = { kind: 'joining', url: 'http://h' };

describe('a seat at the engine', () => {
  let published: Published;
  let windows: Windows;
  let heard: string[];
  /** Runs while the engine looks whether a window may attach. */
  let onAdmit: () => void;

  beforeEach(() => {
    onAdmit = () => undefined;
    const state = {
      revision: 0,
      me: { fingerprint: ALI, addresses: [] },
      registry: { kind: 'off' } as const,
    };
    published = new Published({ ...state, peers: {}, transfers: {}, conversations: {} });
    windows = windowsOf(undefined);
    heard = [];
  });
  afterEach(() => windows.dispose());

  /** Of an engine that was started by an extension of `version`. Every command fires an event in its own turn, as `signUp` and others may. */
  function windowsOf(version: string | undefined): Windows {
    const signOut = () => {
      published.publish({ kind: 'registryChanged', registry: JOINING });
      return null;
    };
    const onOutdated = (newer: string) => heard.push(`outdated by ${newer}`);
    const claims = new NoticeClaims({ now: () => 0 }, () => true);
    const build = {
      get version() {
        onAdmit();
        return version;
      },
      onOutdated,
    };
    return new Windows(published, { signOut } as unknown as EngineCommands, claims, build);
  }

  function seat(onClose?: () => void, name = 'the window') {
    const [up, down] = [new PassThrough(), new PassThrough()];
    const writer = Object.assign(new PromptWriter(down), { dispose: () => void down.destroy() });
    windows.seat(new PromptReader(up), writer, onClose);
    const onEvent = ({ revision }: { revision: number }) => heard.push(`event ${revision}`);
    const reader = new PromptReader(down);
    const onSteppingDown = () => heard.push(`${name} is told to step down`);
    const rpc = new RpcClient(reader, new PromptWriter(up), onEvent, () => {}, onSteppingDown);
    return { rpc, up, down };
  }

  const attach = async (rpc: RpcClient) => {
    const { revision } = await rpc.request('attach', { version: 'test' });
    heard.push(`snapshot ${revision}`);
  };

  it('gives the snapshot before the events that follow it, and leaves none out', async () => {
    for (let i = 0; i < 20; i++) {
      const { rpc } = seat();
      heard.length = 0;
      await Promise.all([attach(rpc), ...Array.from({ length: 5 }, () => rpc.request('signOut', null))]);
      const first = published.state.revision - 5;
      const events = Array.from({ length: 5 }, (_, n) => `event ${first + n + 1}`);
      assert.deepEqual(heard, [`snapshot ${first}`, ...events]);
      rpc.dispose();
    }
  });

  it('gives the snapshot, too, before what happens in the very turn in which it is taken', async () => {
    onAdmit = () => queueMicrotask(() => published.publish({ kind: 'registryChanged', registry: JOINING }));
    await attach(seat().rpc);
    while (heard.length < 2) await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(heard, ['snapshot 0', 'event 1']);
  });

  it('is one of a bounded number, of which each that goes leaves its place to another', async () => {
    const gone: number[] = [];
    const seats = Array.from({ length: 65 }, (_, i) => seat(() => gone.push(i)));
    assert.deepEqual(gone, [64]);
    assert.deepEqual(
      seats.flatMap(({ down }, i) => (down.destroyed ? [i] : [])),
      [64],
    );
    seats[0]?.up.destroy();
    while (gone.length < 2) await new Promise((resolve) => setImmediate(resolve));
    await attach(seat(() => gone.push(65)).rpc);
    assert.deepEqual(gone, [64, 0]);
  });

  it('tells of those who want to connect, until it has gone', async () => {
    const gone = Promise.withResolvers<void>();
    const [first, second] = [seat(() => gone.resolve()), seat()];
    const asks = ({ rpc }: typeof first, id: string) =>
      rpc.request('claimNotice', { about: 'connection', id, isFocused: true });
    assert.deepEqual([await asks(first, 'ali'), await asks(second, 'babak')], [true, false]);
    first.up.end();
    await gone.promise;
    assert.equal(await asks(second, 'babak'), true);
  });

  it('hears nothing before it has attached, and everything once after it has attached twice', async () => {
    const { rpc } = seat();
    await rpc.request('signOut', null);
    await attach(rpc);
    await attach(rpc);
    await rpc.request('signOut', null);
    assert.deepEqual(heard, ['snapshot 1', 'snapshot 1', 'event 2']);
  });

  it('ends with the engine, whether its window has attached or not', async () => {
    const seats = [seat(), seat()];
    await attach(seats[0]?.rpc ?? assert.fail());
    windows.dispose();
    assert.ok(seats.every(({ down }) => down.destroyed));
  });

  it('is told to be left when its window goes', async () => {
    const left = new Promise<void>((resolve) => {
      const { up } = seat(resolve);
      up.destroy();
    });
    await left;
  });

  describe('of an engine of version 0.2.0', () => {
    beforeEach(() => {
      windows = windowsOf('0.2.0');
    });

    const failing = (rpc: RpcClient, version: string, contract?: number) =>
      rpc.request('attach', { version, ...(contract === undefined ? {} : { contract }) }).then(
        () => 'attached',
        (error: FailureError) => error.failure.code,
      );

    it('is not for a newer window: the others are told, and the engine is to make room', async () => {
      const older = seat(undefined, 'the older one');
      await attach(older.rpc);
      assert.equal(await failing(seat(undefined, 'the newer one').rpc, '0.3.0'), 'engineGone');
      while (heard.length < 3) await new Promise((resolve) => setImmediate(resolve));
      assert.deepEqual(heard.sort(), [
        'outdated by 0.3.0',
        'snapshot 0',
        'the older one is told to step down',
      ]);
    });

    it('is not for a newer window, for which the engine makes room though another one does not read', async () => {
      const nothingRead = new PromptWriter(new Writable({ write: () => undefined }));
      windows.seat(new PromptReader(new PassThrough()), nothingRead);
      assert.equal(await failing(seat().rpc, '0.3.0'), 'engineGone');
      while (heard.length < 1) await new Promise((resolve) => setImmediate(resolve));
      assert.deepEqual(heard, ['outdated by 0.3.0']);
    });

    it('is for windows of the same version, of older ones, and for programs that are no window', async () => {
      for (const version of ['0.2.0', '0.2.0-beta', '0.1.9', 'demo peer', ''])
        assert.equal(await failing(seat().rpc, version), 'attached', version);
      assert.deepEqual(heard, []);
    });

    it('is not for a window that speaks a contract of long ago, which is told why', async () => {
      assert.equal(await failing(seat().rpc, '0.1.0', OLDEST_CONTRACT - 1), 'windowOutdated');
      assert.equal(await failing(seat().rpc, '0.1.0', OLDEST_CONTRACT), 'attached');
    });
  });
});
