// What the features see of the engine: its state and events, and requests that wait for it and always end.

import { type Disposable, DisposableStore } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import type { CommandName, ParamsOf, ResultOf } from '../../contract/commands.ts';
import { FailureError, fail } from '../../contract/failure.ts';
import type { State } from '../../contract/state.ts';
import { inTime } from '../inTime.ts';
import { canBeAskedAgain, repeatable } from './askedAgain.ts';
import { Attachment, type AttachPorts } from './attach.ts';
import type { AttachState } from './attachMachine.ts';
import type { Seat, SeatListeners } from './connect.ts';
import { HistoryLoader } from './historyLoader.ts';
import { Mirror } from './mirror.ts';

/** `connect` opens a seat that tells these listeners. The rest as the attachment needs it. */
export interface EnginePorts extends Omit<AttachPorts<Seat>, 'connect'> {
  connect(listeners: SeatListeners): Promise<Seat>;
}

export interface RequestOptions {
  /** How long the answer may take once the engine is there. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** Longer than the engine's own waits for a registry, so that its clearer failure comes first. */
const REQUEST_TIMEOUT_MS = 30_000;
/** One request to engines that go one after the other. */
const MOST_TIMES = 5;

export class EngineClient implements Disposable {
  readonly mirror: Mirror;
  readonly history: HistoryLoader;
  readonly #attachment: Attachment<Seat>;
  readonly #owned = new DisposableStore();
  readonly #goes = this.#owned.add(new Emitter<void>());
  #isDisposed = false;

  constructor(ports: EnginePorts) {
    this.mirror = this.#owned.add(new Mirror(() => void this.#resync()));
    this.history = new HistoryLoader(this.mirror, (page) => this.request('history', page));
    this.#attachment = this.#owned.add(
      new Attachment<Seat>({
        ...ports,
        connect: (onClosed, onSteppingDown) =>
          ports.connect({
            onEvent: (event) => this.mirror.receive(event),
            onClosed: () => this.#closed(onClosed),
            onSteppingDown,
          }),
      }),
    );
    this.#owned.add(this.#attachment.onDidChange(() => this.#takeSnapshot()));
  }

  get onDidChangeStatus() {
    return this.#attachment.onDidChange;
  }

  get status(): AttachState {
    return this.#attachment.state;
  }

  /** Undefined until this window has attached for the first time. */
  get state(): State | undefined {
    return this.mirror.state;
  }

  /** Starts the engine, or attaches to it, in the background. Harmless when it is there. */
  start(): void {
    this.#attachment.want();
  }

  /** The state once this window is attached. Throws as `request` does. */
  async ready(): Promise<State> {
    this.start();
    const { snapshot } = await this.#seat();
    return this.state ?? snapshot;
  }

  /**
   * Throws FailureError, the engine's own or `engineGone`; anything else is a bug in the engine. Where the engine goes before it
   * has answered, what can be asked again is asked of the next one; where engines are given up meanwhile, it fails with the reason.
   */
  async request<Name extends CommandName>(
    name: Name,
    params: ParamsOf<Name>,
    { timeoutMs = REQUEST_TIMEOUT_MS, signal }: RequestOptions = {},
  ): Promise<ResultOf<Name>> {
    const asked = repeatable(name, params);
    this.start();
    for (let times = 1; ; times++) {
      const seat = await this.#seat();
      const late = new AbortController();
      const abort = signal === undefined ? late.signal : AbortSignal.any([late.signal, signal]);
      try {
        return await inTime(seat.rpc.request(name, asked, abort), timeoutMs);
      } catch (error) {
        // It has failed for whoever asked: an engine that was stuck must not do it after all.
        late.abort();
        const isLost = this.#attachment.seat !== seat && !this.#isDisposed;
        if (!isLost) throw error;
        if (times === MOST_TIMES || !canBeAskedAgain(name, error)) throw this.#whyLost(error);
      }
    }
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#goes.fire();
    this.#owned.dispose();
  }

  /** Where engines are given up, that is the reason: no other one is about to start. */
  #whyLost(error: unknown): unknown {
    const { status } = this;
    const isGone = error instanceof FailureError && error.failure.code === 'engineGone';
    return isGone && status.kind === 'stopped' ? new FailureError(status.failure, { cause: error }) : error;
  }

  /** The seat, now or when the attachment comes to one. It comes to an end by itself or with this window, so this does too. */
  #seat(): Promise<Seat> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const { status } = this;
        const isOver = status.kind === 'attached' || status.kind === 'stopped' || this.#isDisposed;
        if (!isOver) return false;
        if (status.kind === 'stopped') reject(new FailureError(status.failure));
        else if (this.#attachment.seat !== undefined) resolve(this.#attachment.seat);
        else reject(fail('engineGone', {}));
        return true;
      };
      if (look()) return;
      const listening = new DisposableStore();
      const lookAgain = () => {
        if (look()) listening.dispose();
      };
      listening.add(this.onDidChangeStatus(lookAgain));
      listening.add(this.#goes.event(lookAgain));
    });
  }

  #takeSnapshot(): void {
    const snapshot = this.#attachment.seat?.snapshot;
    if (this.status.kind === 'attached' && snapshot !== undefined) this.#reset(snapshot);
  }

  #reset(snapshot: State): void {
    this.history.remember(this.state);
    this.mirror.reset(snapshot);
  }

  #closed(tellAttachment: () => void): void {
    this.mirror.pause();
    tellAttachment();
  }

  /** A gap in the stream: the same seat gives a new snapshot. When even that fails the seat is given up. */
  async #resync(): Promise<void> {
    const seat = this.#attachment.seat;
    if (seat === undefined) return;
    try {
      const snapshot = await seat.attachAgain();
      if (this.#attachment.seat === seat) this.#reset(snapshot);
    } catch {
      // The connection has ended, or the engine is stuck: either way the next seat brings a new snapshot.
      this.#attachment.drop(seat);
    }
  }
}
