// Windows and an engine's seats over a real pipe on this machine.

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ErrorCodes, ResponseError } from 'vscode-jsonrpc';
import { toDisposable } from '../../../src/base/disposable.ts';
import type { ParamsOf } from '../../../src/contract/commands.ts';
import { IDENTITY_FILE, provenText } from '../../../src/contract/engineProof.ts';
import { FailureError, fail, failure } from '../../../src/contract/failure.ts';
import { type Handlers, RpcServer, type StreamedEvent } from '../../../src/contract/rpc.ts';
import type { State } from '../../../src/contract/state.ts';
import { type Identity, loadIdentity } from '../../../src/engine/identity/identity.ts';
import { PipeListener } from '../../../src/engine/io/pipe.ts';
import { connect } from '../../../src/extension/engine/connect.ts';
import { EngineClient } from '../../../src/extension/engine/engineClient.ts';
import { pipeAddressOf, surroundings } from '../../../src/extension/engine/pipeAddress.ts';
import { until } from '../../support/until.ts';
import { fingerprintOf, message, person, stateWith } from '../people.ts';

const bob = fingerprintOf('b');

/** An engine of which only its seats are real. */
class FakeEngine {
  state: State = stateWith({}, { revision: 10 });
  attaches = 0;
  /** The page that is answered where none is named. */
  newest = [message(2), message(3)];
  /** Of the pages of history that were asked for. */
  readonly limits: number[] = [];
  readonly sent: ParamsOf<'sendText'>[] = [];
  /** What happens when a text comes for the first time. */
  send = (): unknown => undefined;
  /** What happens when somebody asks for a page of history. */
  open = (): void => {};
  /** What it sends to whoever attaches. */
  greet: StreamedEvent | undefined;
  /** How often it was started. */
  starts = 0;
  readonly seats: RpcServer[] = [];
  /** As whom it answers; undefined where it cannot show it. */
  readonly #identity: Identity | undefined;
  #pipe: PipeListener | undefined;
  /** What has come while it hangs. */
  #unread: (() => void)[] | undefined;

  constructor(identity: Identity | undefined) {
    this.#identity = identity;
  }

  async listen(address: string): Promise<void> {
    this.starts++;
    this.#pipe = await PipeListener.open(address, (reader, writer) => {
      const listen = reader.listen.bind(reader);
      reader.listen = (hear) => listen((said) => this.#unread?.push(() => hear(said)) ?? hear(said));
      this.seats.push(new RpcServer(reader, writer, this.#handlers(), () => {}));
    });
  }

  /** From now on it reads nothing. */
  hang(): void {
    this.#unread = [];
  }

  get unread(): number {
    return this.#unread?.length ?? 0;
  }

  /** Reads what has come, all in one turn. */
  goOn(): void {
    const unread = this.#unread ?? [];
    this.#unread = undefined;
    for (const read of unread) read();
  }

  close(): void {
    this.#pipe?.dispose();
  }

  #handlers(): Handlers {
    const served: Partial<Handlers> = {
      prove: ({ challenge }) => {
        if (this.#identity === undefined)
          throw new ResponseError(ErrorCodes.MethodNotFound, 'no such method');
        return { signature: this.#identity.sign(Buffer.from(provenText(challenge))) };
      },
      attach: () => {
        this.attaches++;
        if (this.greet !== undefined) this.seats.at(-1)?.send(this.greet);
        return this.state;
      },
      refreshPeers: () => {
        throw fail('registryUnreachable', { url: 'http://127.0.0.1:1' });
      },
      connect: () => new Promise<null>(() => {}),
      sendText: (params) => {
        this.sent.push(params);
        if (this.sent.length === 1) this.send();
        return message(7);
      },
      history: ({ peer, before, limit }) => {
        this.limits.push(limit);
        this.open();
        return {
          peer,
          messages: before === undefined ? this.newest : [message(1)],
          transfers: [],
          hasEarlier: before === undefined,
        };
      },
    };
    return served as Handlers;
  }
}

describe('a window', () => {
  let folder: string;
  let address: string;
  let engine: FakeEngine;
  let identity: Identity;
  let client: EngineClient;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'hamta-pipe-'));
    address = pipeAddressOf(folder, {
      ...surroundings(),
      runtimeDir: folder,
      homeDir: undefined,
      tempDir: folder,
    });
    identity = await loadIdentity(folder);
    engine = new FakeEngine(identity);
    client = new EngineClient({
      connect: (listeners) => connect({ address, dataDir: folder }, '0.0.0', listeners),
      host: async () => {
        await engine.listen(address);
        return { kind: 'listening' };
      },
      clock: { now: () => performance.now() },
      startTimer: (ms, onTime) => {
        const timer = setTimeout(onTime, ms);
        return toDisposable(() => clearTimeout(timer));
      },
      random: () => 0,
    });
  });

  afterEach(async () => {
    client.dispose();
    engine.close();
    await rm(folder, { recursive: true, force: true });
  });

  const nextReset = () =>
    new Promise<State>((resolve) => {
      const listening = client.mirror.onDidReset((state) => {
        listening.dispose();
        resolve(state);
      });
    });

  it('hosts an engine when none answers, and has its state', async () => {
    const state = await client.ready();
    assert.equal(state.me.name, 'Sara');
    assert.equal(client.status.kind, 'attached');
  });

  it('passes failures on as they are', async () => {
    await assert.rejects(
      client.request('refreshPeers', null),
      (error) => error instanceof FailureError && error.failure.code === 'registryUnreachable',
    );
  });

  it('has nothing done late that has failed for whoever asked', async () => {
    await client.ready();
    engine.hang();
    const text = client.request('sendText', { peer: bob, text: 'hello' }, { timeoutMs: 1 });
    await assert.rejects(
      text,
      (error) => error instanceof FailureError && error.failure.code === 'engineGone',
    );
    const after = client.request('history', { peer: bob, limit: 1 });
    // In order: the text, the word that nobody waits for it any more, the page.
    await until('the three words are there', 5_000, async () => engine.unread === 3);
    engine.goOn();
    await after;
    assert.deepEqual(engine.sent, []);
  });

  for (const [who, key] of [
    ['another account`s program', () => loadIdentity(path.join(folder, 'theirs'))],
    ['one that cannot show that it is the engine of its folder', async () => undefined],
  ] as const)
    it(`believes nothing of what ${who} says at its pipe, and tells it nothing but its version`, async () => {
      await mkdir(path.join(folder, 'theirs'));
      engine = new FakeEngine(await key());
      engine.greet = { revision: 1, event: { kind: 'peerChanged', peer: person('b') } };
      await engine.listen(address);
      await assert.rejects(client.request('sendText', { peer: bob, text: 'secret' }), {
        failure: failure('pipeUnusable', { path: address, detail: 'notOurs' }),
      });
      assert.deepEqual([engine.attaches, engine.sent, client.state], [1, [], undefined]);
    });

  it('tries again where the key of its folder cannot be read at first, and says nothing before it can', async () => {
    const key = path.join(folder, IDENTITY_FILE);
    await engine.listen(address);
    await rename(key, `${key}.away`);
    engine.listen = () => {
      assert.equal(engine.attaches, 0);
      return rename(`${key}.away`, key);
    };
    await client.ready();
    assert.equal(engine.attaches, 1);
  });

  it('has another snapshot after an event that it missed', async () => {
    await client.ready();
    engine.state = stateWith({ people: [person('b', { unread: 5 })] }, { revision: 12 });
    const reset = nextReset();
    engine.seats[0]?.send({ revision: 12, event: { kind: 'peerChanged', peer: person('b', { unread: 5 }) } });
    assert.equal((await reset).peers[bob]?.unread, 5);
    assert.equal(engine.attaches, 2);
  });

  it('comes to the next engine by itself when the first one goes', async () => {
    await client.ready();
    engine.close();
    engine = new FakeEngine(identity);
    engine.state = stateWith({ people: [person('b')] }, { revision: 1 });
    assert.equal((await nextReset()).peers[bob]?.name, 'b');
    assert.equal(client.status.kind, 'attached');
  });

  it('rejects what was asked of an engine that goes', async () => {
    await client.ready();
    const asked = client.request('connect', { peer: bob });
    engine.close();
    await assert.rejects(asked, FailureError);
  });

  it('rejects what still waits for an engine when it goes itself', async () => {
    const away = new EngineClient({
      connect: () => Promise.reject(fail('engineGone', {})),
      host: () => new Promise(() => {}),
      clock: { now: () => performance.now() },
      startTimer: () => toDisposable(() => {}),
      random: () => 0,
    });
    const before = away.request('sendText', { peer: bob, text: 'hello' });
    away.dispose();
    const after = away.request('sendText', { peer: bob, text: 'hello' });
    for (const asked of [before, after]) await assert.rejects(asked, FailureError);
  });

  it('asks the next engine to send what the first one left unanswered, so that it can tell whether it was stored', async () => {
    await client.ready();
    const [first] = engine.seats;
    engine.send = () => first?.dispose();
    const sent = client.request('sendText', { peer: bob, text: 'hello' });
    await nextReset();
    const { number } = await sent;
    assert.equal(number, 7);
    const [id, ...others] = engine.sent.map((params) => params.id);
    assert.match(id ?? '', /^[0-9a-f]{32}$/);
    assert.deepEqual(others, [id]);
  });

  it('starts no more engines for a question at which one after the other has ended', async () => {
    engine.open = () => engine.close();
    // As a chat does that is open.
    client.mirror.onDidReset(() => void client.history.loadEarlier(bob).catch(() => {}));
    await assert.rejects(
      client.request('history', { peer: bob, limit: 1 }),
      (error) => error instanceof FailureError && error.failure.code === 'engineEnded',
    );
    assert.equal(client.status.kind, 'stopped');
    assert.equal(engine.starts, 4);
  });

  it('says of what may not be asked twice, too, that engines are given up, when it is lost with the last', async () => {
    const isEnded = (error: unknown) => error instanceof FailureError && error.failure.code === 'engineEnded';
    engine.open = () => engine.close();
    let lost: Promise<unknown> | undefined;
    client.onDidChangeStatus(({ kind }) => {
      if (kind !== 'attached' || engine.starts < 4) return;
      lost = client.request('connect', { peer: bob });
      lost.catch(() => {});
    });
    await assert.rejects(client.request('history', { peer: bob, limit: 1 }), isEnded);
    assert.ok(lost !== undefined);
    await assert.rejects(lost, isEnded);
  });

  it('loads a conversation page by page until there is no more', async () => {
    await client.ready();
    const orders = () => client.state?.conversations[bob]?.messages.map(({ order }) => order);
    await client.history.loadEarlier(bob);
    assert.deepEqual(orders(), [2, 3]);
    await client.history.loadEarlier(bob);
    assert.deepEqual(orders(), [1, 2, 3]);
    await client.history.loadEarlier(bob);
    assert.deepEqual(orders(), [1, 2, 3]);
  });

  it('loads all that is unread at once, as far as one request can', async () => {
    const people = [3, 300, 3000].map((unread, i) => person(`${i}`, { unread }));
    engine.state = stateWith({ people }, { revision: 10 });
    await client.ready();
    for (const { fingerprint } of people) await client.history.loadEarlier(fingerprint);
    assert.deepEqual(engine.limits, [60, 320, 500]);
  });

  it('has as much of a conversation from the next engine as from the one that went, so that nobody loses their place', async () => {
    engine.newest = Array.from({ length: 200 }, (_, i) => message(i + 2));
    await client.ready();
    await client.history.loadEarlier(bob);
    await client.history.loadEarlier(bob);
    engine.close();
    engine = new FakeEngine(identity);
    engine.state = stateWith({ people: [person('b', { unread: 4 })] }, { revision: 1 });
    await nextReset();
    await client.history.loadEarlier(bob);
    assert.deepEqual(engine.limits, [205]);
  });
});
