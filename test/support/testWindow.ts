// A window without an editor: an RPC client whose state is folded from the engine's stream, and waits with deadlines.

import assert from 'node:assert/strict';
import type { MessageReader, MessageWriter } from 'vscode-jsonrpc';
import { Emitter } from '../../src/base/emitter.ts';
import type { CommandName, ParamsOf, ResultOf } from '../../src/contract/commands.ts';
import { type FailureCode, FailureError } from '../../src/contract/failure.ts';
import type { Fingerprint } from '../../src/contract/fingerprint.ts';
import type { Message } from '../../src/contract/message.ts';
import type { Peer } from '../../src/contract/peer.ts';
import { RpcClient, type StreamedEvent } from '../../src/contract/rpc.ts';
import { applyEvent, type Event, type State } from '../../src/contract/state.ts';
import type { Transfer } from '../../src/contract/transfer.ts';
import { connectPipe } from '../../src/pipe/pipeEnd.ts';
import { crossedCommands, crossedEvents } from './crossings.ts';

/** Nothing that is waited for takes this long, except on a machine that is busy with something else. */
const PATIENCE_MS = 20_000;

export class TestWindow {
  /** Since the snapshot, in order. */
  readonly events: Event[] = [];
  readonly closed: Promise<void>;
  readonly #changes = new Emitter<State>();
  readonly #rpc: RpcClient;
  #state: State | undefined;

  private constructor(reader: MessageReader, writer: MessageWriter) {
    let close = () => {};
    this.closed = new Promise((resolve) => {
      close = resolve;
    });
    this.#rpc = new RpcClient(reader, writer, (event) => this.#take(event), close);
  }

  /** Attaches to the engine that listens at `address`. */
  static at(address: string): Promise<TestWindow> {
    return TestWindow.over(...connectPipe(address));
  }

  static async over(reader: MessageReader, writer: MessageWriter): Promise<TestWindow> {
    const window = new TestWindow(reader, writer);
    window.#state = await window.request('attach', { version: 'test' });
    return window;
  }

  get state(): State {
    assert.ok(this.#state !== undefined, 'not attached');
    return this.#state;
  }

  async request<Name extends CommandName>(name: Name, params: ParamsOf<Name>): Promise<ResultOf<Name>> {
    const result = await this.#rpc.request(name, params);
    crossedCommands.add(name);
    return result;
  }

  /** The code that the command fails with. */
  async failure<Name extends CommandName>(name: Name, params: ParamsOf<Name>): Promise<FailureCode> {
    const error = await this.#rpc.request(name, params).then(
      () => assert.fail(`${name} did not fail`),
      (error: unknown) => error,
    );
    assert.ok(error instanceof FailureError, String(error));
    return error.failure.code;
  }

  /** What `find` answers once it answers something. */
  until<Found>(find: (state: State) => Found | undefined | false, patienceMs = PATIENCE_MS): Promise<Found> {
    return new Promise((resolve, reject) => {
      const look = (state: State) => {
        const found = find(state);
        if (found === undefined || found === false) return;
        listening.dispose();
        clearTimeout(timer);
        resolve(found);
      };
      const listening = this.#changes.event(look);
      const timer = setTimeout(() => {
        listening.dispose();
        reject(new Error(`after ${patienceMs} ms still not ${find}\n${summaryOf(this.state)}`));
      }, patienceMs);
      look(this.state);
    });
  }

  peerCalled(name: string): Peer | undefined {
    return Object.values(this.state.peers).find((peer) => peer.name === name);
  }

  /** Waits for the person as `is` wants them. */
  peer(fingerprint: Fingerprint, is: (peer: Peer) => boolean): Promise<Peer> {
    return this.until(({ peers }) => {
      const peer = peers[fingerprint];
      return peer !== undefined && is(peer) && peer;
    });
  }

  /** Waits for the transfer in a state of this kind. */
  transfer(id: string, kind: Transfer['state']['kind'], patienceMs?: number): Promise<Transfer> {
    return this.until(({ transfers }) => {
      const transfer = transfers[id];
      return transfer?.state.kind === kind && transfer;
    }, patienceMs);
  }

  /** The whole conversation, from the store. */
  async messages(peer: Fingerprint): Promise<Message[]> {
    const messages: Message[] = [];
    for (let before: number | undefined; ; before = messages[0]?.order) {
      const page = await this.request('history', {
        peer,
        limit: 500,
        ...(before === undefined ? {} : { before }),
      });
      messages.unshift(...page.messages);
      if (!page.hasEarlier) return messages;
    }
  }

  /** Asks the person of `other` by their name, who accepts. Resolves with who they are once both see the other connected. */
  async befriend(other: TestWindow): Promise<Fingerprint> {
    const { fingerprint } = this.state.me;
    const { name } = other.state.me;
    assert.ok(name !== undefined, 'not signed up');
    const { peer } = await this.request('lookUp', { name });
    const connected = this.request('connect', { peer });
    await other.peer(fingerprint, ({ link }) => link === 'asking');
    await other.request('answerConnection', { peer: fingerprint, accept: true });
    await connected;
    await other.peer(fingerprint, ({ link }) => link === 'connected');
    return peer;
  }

  close(): void {
    this.#rpc.dispose();
  }

  #take({ revision, event }: StreamedEvent): void {
    crossedEvents.add(event.kind);
    // The engine promises that the snapshot comes first and that nothing is left out.
    assert.equal(revision, this.state.revision + 1);
    this.#state = { ...applyEvent(this.state, event), revision };
    this.events.push(event);
    this.#changes.fire(this.state);
  }
}

function summaryOf({ me, registry, peers, transfers }: State): string {
  return JSON.stringify({ me, registry, peers, transfers }, undefined, 1).slice(0, 4_000);
}
