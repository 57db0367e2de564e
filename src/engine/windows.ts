// One seat per attached window: a snapshot, then the event stream, and a table of commands.

import type { MessageReader, MessageWriter } from 'vscode-jsonrpc';
import { type Disposable, DisposableStore, toDisposable } from '../base/disposable.ts';
import type { Handlers, StreamedEvent } from '../contract/rpc.ts';
import { RpcServer } from '../contract/rpc.ts';
import type { Published } from './published.ts';

/** What the engine does for each command; `attach` belongs to the seat. */
export type EngineCommands = Omit<Handlers, 'attach'>;

/** A bound on windows of one user; a program of theirs that opens more is not a window. */
const MAX_SEATS = 64;

export class Windows implements Disposable {
  readonly #published: Published;
  readonly #commands: EngineCommands;
  readonly #seats = new Set<Disposable>();

  constructor(published: Published, commands: EngineCommands) {
    this.#published = published;
    this.#commands = commands;
  }

  /** `onClose` runs when the window has gone. */
  seat(reader: MessageReader, writer: MessageWriter, onClose: () => void = () => {}): void {
    const seat = new DisposableStore();
    const leave = () => {
      seat.dispose();
      this.#seats.delete(seat);
      onClose();
    };
    let events: Disposable | undefined;
    const attach = () => {
      // The listener joins in the same turn in which the snapshot is taken: no event falls between the two.
      // A window that lost its place attaches again on the same connection.
      events?.dispose();
      events = seat.add(this.#eventsTo((event) => server.send(event)));
      return this.#published.state;
    };
    const server = new RpcServer(reader, writer, { ...this.#commands, attach }, leave);
    seat.add(server);
    this.#seats.add(seat);
    if (this.#seats.size > MAX_SEATS) leave();
  }

  dispose(): void {
    for (const seat of [...this.#seats]) seat.dispose();
    this.#seats.clear();
  }

  /** Passes events on from the next turn of the loop: the snapshot, which answers in this one, goes first. */
  #eventsTo(send: (event: StreamedEvent) => void): Disposable {
    let early: StreamedEvent[] | undefined = [];
    const events = this.#published.onDidPublish((event) =>
      early === undefined ? send(event) : early.push(event),
    );
    const turn = setImmediate(() => {
      const waiting = early ?? [];
      early = undefined;
      for (const event of waiting) send(event);
    });
    return toDisposable(() => {
      events.dispose();
      clearImmediate(turn);
    });
  }
}
