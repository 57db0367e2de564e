// A person made of code: carries out what reply.ts decides, with an engine of its own.

import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { assertNever } from '../base/assertNever.ts';
import { FailureError } from '../contract/failure.ts';
import type { Fingerprint } from '../contract/fingerprint.ts';
import type { RpcClient, StreamedEvent } from '../contract/rpc.ts';
import { applyEvent, type Event, type Me, type State } from '../contract/state.ts';
import { isFinal, type Transfer } from '../contract/transfer.ts';
import { drawn, mirroredGrey } from './drawing.ts';
import { lineOf } from './journal.ts';
import type { PeerOptions } from './options.ts';
import { type Action, reactionsAtStart, reactionsTo } from './reply.ts';

export class DemoPeer {
  readonly #options: PeerOptions;
  readonly #write: (line: string) => void;
  readonly #early: StreamedEvent[] = [];
  /** Files of its own that are on their way, by transfer. */
  readonly #outgoing = new Map<string, string>();
  #rpc: RpcClient | undefined;
  #state: State | undefined;
  /** Before that, what goes wrong is the answer to `start`. */
  #isSignedUp = false;
  #pictures = 0;

  /** `write` takes a line about each event. */
  constructor(options: PeerOptions, write: (line: string) => void) {
    this.#options = options;
    this.#write = write;
  }

  /** Signs up and starts to answer. Failures: those of attach and signUp. */
  async start(rpc: RpcClient): Promise<Me> {
    this.#rpc = rpc;
    const { name, registryUrl } = this.#options;
    const state = await rpc.request('attach', { version: 'demo peer' });
    this.#state = state;
    for (const event of this.#early.splice(0)) this.take(event);
    void this.#carryOut(reactionsAtStart(state));
    const me = await rpc.request('signUp', { name, registryUrl });
    this.#isSignedUp = true;
    return me;
  }

  /** One event of the engine's stream. */
  take(streamed: StreamedEvent): void {
    if (this.#state === undefined) this.#early.push(streamed);
    else if (streamed.revision > this.#state.revision) this.#apply(this.#state, streamed);
  }

  #apply(before: State, { revision, event }: StreamedEvent): void {
    this.#state = { ...applyEvent(before, event), revision };
    const line = lineOf(event, before);
    if (line !== undefined && this.#isSignedUp) this.#write(line);
    void this.#tidyUp(event);
    void this.#carryOut(reactionsTo(event, before));
  }

  /** One after the other. What a person may meet is a line and ends nothing. */
  async #carryOut(actions: readonly Action[]): Promise<void> {
    for (const action of actions) {
      try {
        await this.#do(action);
      } catch (error) {
        if (!(error instanceof FailureError)) throw error;
        this.#write(error.message);
      }
    }
  }

  async #do(action: Action): Promise<void> {
    const rpc = this.#rpc as RpcClient;
    switch (action.kind) {
      case 'letIn':
        await rpc.request('answerConnection', { peer: action.peer, accept: true });
        break;
      case 'markRead':
        await rpc.request('markRead', { peer: action.peer, upTo: action.upTo });
        break;
      case 'say':
        await rpc.request('sendText', { peer: action.peer, text: action.text });
        break;
      case 'draw':
        await this.#offer(action.peer, `rings-${this.#pictures + 1}.png`, await drawn(this.#pictures));
        break;
      case 'answerTransfer':
        await rpc.request('answerTransfer', { id: action.id, accept: action.accept });
        break;
      case 'sendBack':
        await this.#sendBack(action.transfer);
        break;
      default:
        assertNever(action);
    }
  }

  async #sendBack({ peer, name, path, width, height }: Transfer): Promise<void> {
    if (path === undefined) return;
    const changed = await mirroredGrey(await readFile(path), (width ?? 0) * (height ?? 0));
    const stem = name.replace(/\.[^.]*$/, '');
    if (changed !== undefined) await this.#offer(peer, `${stem}-mirrored.png`, changed);
    else await this.#rpc?.request('offerFile', { peer, path, name, asPicture: false });
  }

  async #offer(peer: Fingerprint, name: string, bytes: Buffer): Promise<void> {
    const folder = join(this.#options.dataDir, 'outgoing');
    await mkdir(folder, { recursive: true });
    const path = join(folder, `${process.pid}-${++this.#pictures}.png`);
    await writeFile(path, bytes);
    const transfer = await this.#rpc?.request('offerFile', { peer, path, name, asPicture: true });
    if (transfer !== undefined) this.#outgoing.set(transfer.id, path);
  }

  /** A file of its own goes when nobody needs it any more. */
  async #tidyUp(event: Event): Promise<void> {
    if (event.kind !== 'transferChanged' || !isFinal(event.transfer.state)) return;
    const path = this.#outgoing.get(event.transfer.id);
    this.#outgoing.delete(event.transfer.id);
    if (path !== undefined) await rm(path, { force: true });
  }
}
