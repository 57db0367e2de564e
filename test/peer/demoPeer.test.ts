import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, watch } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { commands } from '../../src/contract/commands.ts';
import { fail } from '../../src/contract/failure.ts';
import { type Handlers, RpcClient, RpcServer } from '../../src/contract/rpc.ts';
import type { Event, State } from '../../src/contract/state.ts';
import { DemoPeer } from '../../src/peer/demoPeer.ts';
import { drawn } from '../../src/peer/drawing.ts';
import { PromptReader } from '../../src/pipe/promptReader.ts';
import { PromptWriter } from '../../src/pipe/promptWriter.ts';
import { done, id, messageOf, peerChanged, sara, stateOf, transferChanged, transferOf } from './things.ts';

describe('the demo peer at its engine', () => {
  let engine: ToldEngine;
  beforeEach(async () => {
    engine = new ToldEngine(await mkdtemp(join(tmpdir(), 'hamta-peer-')));
  });
  afterEach(() => engine.dispose());

  it('attaches, serves who is waiting, and signs up', async () => {
    const waiting = { ...peerChanged({ link: 'asking' }) } as Extract<Event, { kind: 'peerChanged' }>;
    await engine.start(stateOf(waiting.peer));
    assert.deepEqual(await engine.asked(3), [
      ['attach', { version: 'demo peer' }],
      ['answerConnection', { peer: sara, accept: true }],
      ['signUp', { name: 'demo', registryUrl: 'http://127.0.0.1:1' }],
    ]);
  });

  it('answers what it is told over the pipe', async () => {
    await engine.start(stateOf());
    engine.tell({ kind: 'messageAdded', message: messageOf({ kind: 'text', text: 'one two' }) });
    const asked = await engine.asked(4);
    assert.deepEqual(asked.slice(2), [
      ['markRead', { peer: sara, upTo: 7 }],
      ['sendText', { peer: sara, text: 'You wrote “one two”. The other way round: “two one”.' }],
    ]);
  });

  it('offers a picture that it has drawn, and keeps the file only as long as it is needed', async () => {
    await engine.start(stateOf());
    engine.tell({ kind: 'messageAdded', message: messageOf({ kind: 'text', text: 'picture' }) });
    const [name, offer] = (await engine.asked(5))[4] as [
      string,
      { path: string; name: string; asPicture: boolean },
    ];
    assert.deepEqual([name, offer.name, offer.asPicture], ['offerFile', 'rings-1.png', true]);
    assert.deepEqual(await readFile(offer.path), await drawn(0));
    await engine.quiet();
    engine.tell(transferChanged(transferOf(done, { direction: 'send', path: offer.path })));
    await gone(offer.path);
  });

  it('sends what is no picture back as it came', async () => {
    await engine.start(stateOf(undefined, transferOf({ kind: 'checking' })));
    engine.tell(transferChanged(transferOf(done, { path: import.meta.filename })));
    assert.deepEqual((await engine.asked(4)).at(-1), [
      'offerFile',
      { peer: sara, path: import.meta.filename, name: 'cat.png', asPicture: false },
    ]);
  });

  it('writes down what did not work, and goes on', async () => {
    await engine.start(stateOf());
    engine.failing.add('answerTransfer');
    engine.tell(transferChanged(transferOf({ kind: 'offered' })));
    await engine.asked(3);
    await engine.quiet();
    engine.tell({ kind: 'messageAdded', message: messageOf({ kind: 'text', text: 'x' }) });
    await engine.asked(5);
    assert.deepEqual(engine.lines, [
      '"cat.png", 1000 bytes, from "aaaaaaaa": offered',
      'This transfer is no longer known. Ask for the file again.',
      'from "aaaaaaaa": "x"',
    ]);
  });
});

async function gone(path: string): Promise<void> {
  const folder = watch(dirname(path));
  while (existsSync(path)) await once(folder, 'change');
  folder.close();
}

/** An engine that does nothing but remember what it is asked, at the other end of a real RPC connection. */
class ToldEngine {
  readonly lines: string[] = [];
  readonly failing = new Set<string>();
  readonly #asked: [string, unknown][] = [];
  readonly #news = new PassThrough({ objectMode: true });
  readonly #dataDir: string;
  readonly #server: RpcServer;
  readonly #client: RpcClient;
  readonly #peer: DemoPeer;
  #state: State = stateOf();

  constructor(dataDir: string) {
    const [up, down] = [new PassThrough(), new PassThrough()];
    this.#dataDir = dataDir;
    this.#server = new RpcServer(
      new PromptReader(up),
      new PromptWriter(down),
      this.#handlers(),
      () => undefined,
    );
    const options = { name: 'demo', registryUrl: 'http://127.0.0.1:1', dataDir, host: '127.0.0.1' };
    this.#peer = new DemoPeer(options, (line) => this.lines.push(line));
    this.#client = new RpcClient(
      new PromptReader(down),
      new PromptWriter(up),
      (event) => this.#peer.take(event),
      () => undefined,
    );
  }

  async start(state: State): Promise<void> {
    this.#state = state;
    await this.#peer.start(this.#client);
  }

  tell(event: Event): void {
    this.#state = { ...this.#state, revision: this.#state.revision + 1 };
    this.#server.send({ revision: this.#state.revision, event });
  }

  /** The requests so far, once there are `count`. */
  async asked(count: number): Promise<[string, unknown][]> {
    while (this.#asked.length < count) await once(this.#news, 'asked');
    return this.#asked;
  }

  /** A round trip: what was answered before has arrived. */
  async quiet(): Promise<void> {
    await this.#client.request('refreshPeers', null);
  }

  async dispose(): Promise<void> {
    this.#client.dispose();
    this.#server.dispose();
    await rm(this.#dataDir, { recursive: true });
  }

  #handlers(): Handlers {
    const answers = { attach: () => this.#state, offerFile: () => transferOf({ kind: 'offered' }) };
    const handlers = Object.keys(commands).map((name) => [
      name,
      (params: unknown) => this.#note(name, params, answers),
    ]);
    return Object.fromEntries(handlers) as Handlers;
  }

  #note(name: string, params: unknown, answers: Record<string, () => unknown>): unknown {
    this.#asked.push([name, params]);
    this.#news.emit('asked');
    if (this.failing.has(name)) throw fail('transferUnknown', {});
    return answers[name]?.() ?? { fingerprint: id, addresses: [] };
  }
}
