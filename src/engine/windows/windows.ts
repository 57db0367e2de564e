// One seat per attached window: a snapshot, then the event stream, and a table of commands. A window of a newer build than
// the engine's gets no seat: the engine makes room for its engine.

import type { MessageReader, MessageWriter } from 'vscode-jsonrpc';
import { type Disposable, DisposableStore, toDisposable } from '../../base/disposable.ts';
import type { NoticeClaim, ParamsOf } from '../../contract/commands.ts';
import { fail } from '../../contract/failure.ts';
import { type Handlers, RpcServer, type StreamedEvent } from '../../contract/rpc.ts';
import { CONTRACT, isNewerVersion, OLDEST_CONTRACT } from '../../contract/versions.ts';
import type { NoticeClaims } from './noticeClaims.ts';
import type { Published } from './published.ts';

/** What the engine does for each command; those that belong to the seat are left out. */
export type EngineCommands = Omit<Handlers, 'attach' | 'claimNotice'>;

/** Which build this engine is of, and what it does when a newer one is there. */
export interface Build {
  /** Of the extension; undefined where no window started the engine: it makes room for nobody. */
  readonly version: string | undefined;
  /** The windows that are attached have been told. May be called more than once. */
  onOutdated(newer: string): void;
}

/** A bound on windows of one user; a program of theirs that opens more is not a window. */
const MAX_SEATS = 64;
/** Windows that do not read are not waited for. */
const SAYING_MS = 200;

interface Seat {
  readonly owned: DisposableStore;
  readonly server: RpcServer;
}

export class Windows implements Disposable {
  readonly #published: Published;
  readonly #commands: EngineCommands;
  readonly #claims: NoticeClaims;
  readonly #build: Build;
  readonly #seats = new Set<Seat>();

  constructor(published: Published, commands: EngineCommands, claims: NoticeClaims, build: Build) {
    this.#published = published;
    this.#commands = commands;
    this.#claims = claims;
    this.#build = build;
  }

  /** `onClose` runs when the window has gone. */
  seat(reader: MessageReader, writer: MessageWriter, onClose: () => void = () => {}): void {
    const owned = new DisposableStore();
    const leave = () => {
      owned.dispose();
      this.#seats.delete(seat);
      this.#claims.left(seat);
      onClose();
    };
    let events: Disposable | undefined;
    const attach = (window: ParamsOf<'attach'>) => {
      this.#admit(window, seat);
      // The listener joins in the same turn in which the snapshot is taken: no event falls between the two.
      // A window that lost its place attaches again on the same connection.
      events?.dispose();
      events = owned.add(this.#eventsTo((event) => server.send(event)));
      return this.#published.state;
    };
    const claimNotice = (claim: NoticeClaim) => this.#claims.claim(claim, seat);
    const server = new RpcServer(reader, writer, { ...this.#commands, attach, claimNotice }, leave);
    const seat: Seat = { owned, server };
    owned.add(server);
    this.#seats.add(seat);
    if (this.#seats.size > MAX_SEATS) leave();
  }

  dispose(): void {
    for (const { owned } of [...this.#seats]) owned.dispose();
    this.#seats.clear();
  }

  /** Throws engineGone, windowOutdated. */
  #admit({ version, contract = CONTRACT }: ParamsOf<'attach'>, seat: Seat): void {
    const { version: ours = '' } = this.#build;
    if (isNewerVersion(version, ours)) {
      void this.#stepDown(version, seat);
      throw fail('engineGone', {});
    }
    if (contract < OLDEST_CONTRACT) throw fail('windowOutdated', { ours: version, engines: ours });
  }

  /** The others hear of it first: else one of them might start an engine of the old build again, quicker than the new window. */
  async #stepDown(newer: string, forWhom: Seat): Promise<void> {
    const others = [...this.#seats].filter((seat) => seat !== forWhom);
    const said = Promise.all(others.map(({ server }) => server.sayThatItStepsDown()));
    const tooLong = new Promise((resolve) => setTimeout(resolve, SAYING_MS));
    await Promise.race([said, tooLong]);
    this.#build.onOutdated(newer);
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
