// Both ends of the RPC over a real pipe.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CommandName, commands } from '../../src/contract/commands.ts';
import { type Failure, FailureError, fail } from '../../src/contract/failure.ts';
import type { Fingerprint } from '../../src/contract/fingerprint.ts';
import {
  type Abort,
  type Handlers,
  RpcClient,
  RpcServer,
  type StreamedEvent,
} from '../../src/contract/rpc.ts';
import { pipeEndOf } from '../../src/pipe/pipeEnd.ts';

const ALI = 'a'.repeat(64) as Fingerprint;
const NAMES = Object.keys(commands) as CommandName[];

type Handle = (name: CommandName, params: unknown, abort: Abort) => unknown;

/** A window and its seat, on the two ends of one pipe. */
class Pair {
  readonly #folder: string;
  readonly #listener: Server;
  readonly windowEnd: Socket;
  readonly seatEnd: Socket;
  readonly events: StreamedEvent[] = [];
  readonly closed: string[] = [];
  readonly client: RpcClient;
  readonly server: RpcServer;
  handle: Handle = () => null;

  private constructor(folder: string, listener: Server, windowEnd: Socket, seatEnd: Socket) {
    this.#folder = folder;
    this.#listener = listener;
    this.windowEnd = windowEnd;
    this.seatEnd = seatEnd;
    this.client = new RpcClient(
      ...pipeEndOf(windowEnd),
      (event) => this.events.push(event),
      () => this.closed.push('window'),
    );
    const handler = (name: CommandName) => (params: unknown, abort: Abort) =>
      this.handle(name, params, abort);
    const handlers = Object.fromEntries(NAMES.map((name) => [name, handler(name)])) as unknown as Handlers;
    this.server = new RpcServer(...pipeEndOf(seatEnd), handlers, () => this.closed.push('seat'));
  }

  static async open(): Promise<Pair> {
    const folder = await mkdtemp(join(tmpdir(), 'hamta-rpc-'));
    const address = process.platform === 'win32' ? `\\\\.\\pipe\\${folder.slice(-16)}` : join(folder, 'pipe');
    const listener = createServer();
    listener.listen(address);
    await once(listener, 'listening');
    const windowEnd = connect(address);
    const [seatEnd] = (await once(listener, 'connection')) as [Socket];
    return new Pair(folder, listener, windowEnd, seatEnd);
  }

  async dispose(): Promise<void> {
    this.client.dispose();
    this.server.dispose();
    for (const end of [this.windowEnd, this.seatEnd]) end.destroy();
    this.#listener.close();
    await rm(this.#folder, { recursive: true });
  }
}

const isFailure = (code: Failure['code']) => (error: unknown) =>
  error instanceof FailureError && error.failure.code === code;

describe('the pipe between a window and the engine', () => {
  let pair: Pair;

  beforeEach(async () => {
    pair = await Pair.open();
  });
  afterEach(() => pair.dispose());

  /** A handler that never ends, and a promise of when it has begun. */
  const handlerThatWaits = () => {
    const { promise: begun, resolve } = Promise.withResolvers<Abort>();
    pair.handle = (_, __, abort) => {
      resolve(abort);
      return new Promise(() => {});
    };
    return begun;
  };

  for (const name of NAMES) {
    it(`carries ${name}, its params and its result`, async () => {
      const params = { text: 'سلام 👋', nested: [1, { a: null }] };
      pair.handle = (asked, got) => ({ asked, got });
      const result: unknown = await pair.client.request(name, params as never);
      assert.deepEqual(result, { asked: name, got: params });
    });
  }

  it('carries a command without params, and one without a result', async () => {
    const got: unknown[] = [];
    pair.handle = (_, params) => void got.push(params);
    assert.equal(await pair.client.request('signOut', null), null);
    assert.deepEqual(got, [null]);
  });

  it('carries a failure as it is', async () => {
    pair.handle = () => {
      throw fail('nameTaken', { name: 'سارا', freeAt: 5 });
    };
    const request = pair.client.request('signUp', { name: 'سارا', registryUrl: 'http://h' });
    await assert.rejects(request, (error) => {
      assert.ok(error instanceof FailureError);
      assert.deepEqual(error.failure, { code: 'nameTaken', details: { name: 'سارا', freeAt: 5 } });
      return true;
    });
  });

  it('does not make a failure of a bug', async () => {
    pair.handle = () => {
      throw new TypeError('x is not a function');
    };
    const request = pair.client.request('refreshPeers', null);
    await assert.rejects(
      request,
      (error) => !(error instanceof FailureError) && /not a function/.test(String(error)),
    );
  });

  it('answers each request with its own result, in whatever order they end', async () => {
    const ends = new Map<unknown, () => void>();
    pair.handle = (_, params) =>
      new Promise<unknown>((resolve) => {
        ends.set((params as { upTo: number }).upTo, () => resolve(params));
        if (ends.size === 3) for (const upTo of [2, 3, 1]) ends.get(upTo)?.();
      });
    const ask = (upTo: number) => pair.client.request('markRead', { peer: ALI, upTo }) as Promise<unknown>;
    const results = await Promise.all([1, 2, 3].map(ask));
    assert.deepEqual(
      results,
      [1, 2, 3].map((upTo) => ({ peer: ALI, upTo })),
    );
  });

  it('brings events in the order in which they were sent, those before an answer before it', async () => {
    const eventOf = (revision: number): StreamedEvent => ({
      revision,
      event: { kind: 'peerGone', fingerprint: ALI },
    });
    const revisions = Array.from({ length: 1_000 }, (_, i) => i + 1);
    pair.handle = () => {
      for (const revision of revisions) pair.server.send(eventOf(revision));
      return null;
    };
    await pair.client.request('refreshPeers', null);
    assert.deepEqual(pair.events, revisions.map(eventOf));
  });

  it('tells the engine when a window wants no answer any more', async () => {
    const abort = new AbortController();
    const { promise: told, resolve: tell } = Promise.withResolvers<void>();
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    pair.handle = (_, __, wish) =>
      new Promise((_resolve, reject) => {
        assert.equal(wish.aborted, false);
        wish.addEventListener('abort', () => {
          assert.equal(wish.aborted, true);
          tell();
          reject(fail('connectionCancelled', { name: 'Ali' }));
        });
        begin();
      });
    const request = pair.client.request('connect', { peer: ALI }, abort.signal);
    await begun;
    abort.abort();
    await assert.rejects(request, isFailure('connectionCancelled'));
    await told;
  });

  it('listens to an abort until it is answered, whatever the answer is', async () => {
    const listeners = new Set<() => void>();
    const abort: Abort = {
      aborted: false,
      addEventListener: (_type, listener) => void listeners.add(listener),
      removeEventListener: (_type, listener) => void listeners.delete(listener),
    };
    const heard: number[] = [];
    for (const answer of [() => null, () => Promise.reject(fail('engineGone', {}))]) {
      pair.handle = () => {
        heard.push(listeners.size);
        return answer();
      };
      await pair.client.request('refreshPeers', null, abort).catch(() => undefined);
      heard.push(listeners.size);
    }
    assert.deepEqual(heard, [1, 0, 1, 0]);
  });

  it('does not tell a listener that was taken away', async () => {
    const abort = new AbortController();
    const heard: string[] = [];
    pair.handle = (_, __, wish) =>
      new Promise((resolve) => {
        const deaf = () => heard.push('deaf');
        wish.addEventListener('abort', deaf);
        wish.removeEventListener('abort', deaf);
        wish.addEventListener('abort', () => resolve(null));
        abort.abort();
      });
    await pair.client.request('connect', { peer: ALI }, abort.signal);
    assert.deepEqual(heard, []);
  });

  it('begins nothing that was aborted before the engine came to it', async () => {
    const begun: CommandName[] = [];
    pair.handle = (name) => void begun.push(name);
    const early = pair.client.request('connect', { peer: ALI }, AbortSignal.abort());
    await assert.rejects(early, isFailure('engineGone'));
    pair.seatEnd.pause();
    const abort = new AbortController();
    const late = pair.client.request('connect', { peer: ALI }, abort.signal);
    abort.abort();
    pair.seatEnd.resume();
    await assert.rejects(late, isFailure('engineGone'));
    await pair.client.request('refreshPeers', null);
    assert.deepEqual(begun, ['refreshPeers']);
  });

  for (const [what, end] of Object.entries<(pair: Pair) => void>({
    'when the engine goes': (open) => open.seatEnd.destroy(),
    'when the engine closes the seat': (open) => open.seatEnd.end(),
    'when the pipe breaks': (open) => open.windowEnd.destroy(),
    'when the window lets go': (open) => open.client.dispose(),
  })) {
    it(`rejects what is pending ${what}`, async () => {
      const begun = handlerThatWaits();
      const pending = pair.client.request('refreshPeers', null);
      await begun;
      end(pair);
      await assert.rejects(pending, isFailure('engineGone'));
      await assert.rejects(pair.client.request('refreshPeers', null), isFailure('engineGone'));
    });
  }

  it('tells both ends once that it is closed', async () => {
    const gone = [once(pair.windowEnd, 'close'), once(pair.seatEnd, 'close')];
    pair.windowEnd.destroy();
    await Promise.all(gone);
    assert.deepEqual([...pair.closed].sort(), ['seat', 'window']);
  });

  it('lets the engine send into a seat that is gone', async () => {
    const send = () => pair.server.send({ revision: 1, event: { kind: 'peerGone', fingerprint: ALI } });
    const gone = once(pair.seatEnd, 'close');
    pair.windowEnd.destroy();
    await gone;
    assert.doesNotThrow(send);
    pair.server.dispose();
    assert.doesNotThrow(send);
  });

  it('leaves no timer behind when it ends in the middle of a message', async () => {
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    // The runner's own timer for this test is set once it has begun to wait.
    await pair.client.request('refreshPeers', null);
    const before = timers();
    const half = once(pair.windowEnd, 'data');
    pair.seatEnd.write('Content-Length: 100\r\n\r\n{"half');
    await half;
    assert.equal(timers(), before);
  });

  it('closes when what comes is no RPC', async () => {
    const gone = once(pair.seatEnd, 'close');
    const begun = handlerThatWaits();
    const pending = pair.client.request('refreshPeers', null);
    await begun;
    pair.windowEnd.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    pair.windowEnd.end();
    await gone;
    await assert.rejects(pending, isFailure('engineGone'));
    assert.ok(pair.closed.includes('seat'));
  });
});
