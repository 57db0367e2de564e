// This window's copy of the engine's state, folded from its stream. Keeps the last one while no engine is there.

import type { Disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import type { StreamedEvent } from '../../contract/rpc.ts';
import { applyEvent, type Event, type State } from '../../contract/state.ts';

export interface Change {
  readonly event: Event;
  readonly before: State;
  readonly after: State;
}

/** Events that may wait for a snapshot; beyond it they are dropped, which shows as a gap and asks for another one. */
const MAX_EARLY = 1_000;

export class Mirror implements Disposable {
  readonly #resets = new Emitter<State>();
  readonly #changes = new Emitter<Change>();
  readonly #askForSnapshot: () => void;
  readonly #early: StreamedEvent[] = [];
  #state: State | undefined;
  #inStep = false;

  /** `askForSnapshot` is called once per gap in the stream; `reset` is the answer. */
  constructor(askForSnapshot: () => void) {
    this.#askForSnapshot = askForSnapshot;
  }

  /** A new snapshot: everything may have changed. */
  readonly onDidReset = this.#resets.event;
  readonly onDidChange = this.#changes.event;

  /** Undefined until the first snapshot. */
  get state(): State | undefined {
    return this.#state;
  }

  /** Takes the snapshot, then those early events that it does not hold yet. */
  reset(snapshot: State): void {
    this.#state = snapshot;
    this.#inStep = true;
    this.#resets.fire(snapshot);
    for (const event of this.#early.splice(0)) this.receive(event);
  }

  receive(streamed: StreamedEvent): void {
    if (this.#state === undefined || !this.#inStep) {
      if (this.#early.length < MAX_EARLY) this.#early.push(streamed);
      return;
    }
    const { revision, event } = streamed;
    if (revision <= this.#state.revision) return;
    if (revision === this.#state.revision + 1) this.#apply(event, revision);
    else this.#lostStep(streamed);
  }

  /** Folds something that this seat alone has asked for: a page of history. */
  fold(event: Event): void {
    if (this.#state !== undefined) this.#apply(event, this.#state.revision);
  }

  /** The connection ended: what comes next belongs to another stream, which starts with a snapshot. */
  pause(): void {
    this.#inStep = false;
    this.#early.length = 0;
  }

  dispose(): void {
    this.#resets.dispose();
    this.#changes.dispose();
  }

  #lostStep(streamed: StreamedEvent): void {
    this.#inStep = false;
    this.#early.push(streamed);
    this.#askForSnapshot();
  }

  #apply(event: Event, revision: number): void {
    const before = this.#state as State;
    const after = { ...applyEvent(before, event), revision };
    this.#state = after;
    this.#changes.fire({ event, before, after });
  }
}
