// Seats at the engine over streams in memory.

import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import { RpcClient } from '../../src/contract/rpc.ts';
import type { RegistryState } from '../../src/contract/state.ts';
import { Published } from '../../src/engine/published.ts';
import { type EngineCommands, Windows } from '../../src/engine/windows.ts';
import { ALI } from './store/support.ts';

const JOINING: RegistryState = { kind: 'joining', url: 'http://h' };

describe('a seat at the engine', () => {
  let published: Published;
  let windows: Windows;
  let heard: string[];

  beforeEach(() => {
    const state = {
      revision: 0,
      me: { fingerprint: ALI, addresses: [] },
      registry: { kind: 'off' } as const,
    };
    published = new Published({ ...state, peers: {}, transfers: {}, conversations: {} });
    // Every command fires an event in its own turn, as `signUp` and others may.
    const signOut = () => {
      published.publish({ kind: 'registryChanged', registry: JOINING });
      return null;
    };
    windows = new Windows(published, { signOut } as unknown as EngineCommands);
    heard = [];
  });
  afterEach(() => windows.dispose());

  function seat(onClose?: () => void) {
    const [up, down] = [new PassThrough(), new PassThrough()];
    windows.seat(new StreamMessageReader(up), new StreamMessageWriter(down), onClose);
    const onEvent = ({ revision }: { revision: number }) => heard.push(`event ${revision}`);
    const rpc = new RpcClient(new StreamMessageReader(down), new StreamMessageWriter(up), onEvent, () => {});
    return { rpc, up };
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

  it('hears nothing before it has attached, and everything once after it has attached twice', async () => {
    const { rpc } = seat();
    await rpc.request('signOut', null);
    await attach(rpc);
    await attach(rpc);
    await rpc.request('signOut', null);
    assert.deepEqual(heard, ['snapshot 1', 'snapshot 1', 'event 2']);
  });

  it('is told to be left when its window goes', async () => {
    const left = new Promise<void>((resolve) => {
      const { up } = seat(resolve);
      up.destroy();
    });
    await left;
  });
});
