// Where a session's datagrams go: one UDP socket shared by all sessions, found by the token in front of each datagram.

import { type Disposable, toDisposable } from '../../base/disposable.ts';
import { hasToken, routeOf, routeOfToken } from '../../wire/datagramEnvelope.ts';
import type { UdpLane } from '../io/udpLane.ts';
import type { UdpSocket } from '../io/udpSocket.ts';
import { BufferPool } from '../transfer/bufferPool.ts';
import { PathShare } from '../transfer/pathShare.ts';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Remembered while nobody sends over them: a bound on what addresses leave behind. */
const MOST_PATHS = 64;

type Receiver = (bytes: Buffer, from: Address) => void;

interface Session {
  readonly token: Uint8Array;
  readonly receiver: Receiver;
}

export class TransferRoads {
  /** By a part of their tokens: mostly one each. */
  readonly #sessions = new Map<number, readonly Session[]>();
  /** Of the sealed blocks of all sessions over UDP. */
  readonly pool = BufferPool.ofSealedBlocks();
  readonly #shares = new Map<string, PathShare>();
  #socket: UdpSocket | undefined;

  /** The socket is opened after this is made, as it hands its datagrams to `receive`. */
  use(socket: UdpSocket): void {
    this.#socket = socket;
  }

  /** Datagrams that start with `token` go to `receiver` until it lets go. */
  register(token: Uint8Array, receiver: Receiver): Disposable {
    const route = routeOfToken(token);
    const session = { token, receiver };
    const isOther = (other: Session) => other !== session && Buffer.compare(other.token, token) !== 0;
    this.#keep(route, [...this.#at(route).filter(isOther), session]);
    return toDisposable(() =>
      this.#keep(
        route,
        this.#at(route).filter((other) => other !== session),
      ),
    );
  }

  send(bytes: Uint8Array, to: Address): void {
    this.#socket?.send(bytes, to.host, to.port);
  }

  /** Joined by whoever sends to `to`, as long as it does; what it learns of the path is there for the next one. */
  shareOf({ host, port }: Address): PathShare {
    const name = `${host} ${port}`;
    const share = this.#shares.get(name) ?? new PathShare();
    // The last to be forgotten.
    this.#shares.delete(name);
    this.#forgetPaths();
    this.#shares.set(name, share);
    return share;
  }

  #forgetPaths(): void {
    for (const [name, { isIdle }] of this.#shares) {
      if (this.#shares.size < MOST_PATHS) return;
      if (isIdle) this.#shares.delete(name);
    }
  }

  /** For the sender of many. Undefined once the engine has closed its socket. */
  laneTo({ host, port }: Address): UdpLane | undefined {
    return this.#socket?.laneTo(host, port);
  }

  /** A stranger's datagram is dropped here, before anything is made of it. */
  receive(bytes: Buffer, host: string, port: number): void {
    const route = routeOf(bytes);
    const sessions = route === undefined ? undefined : this.#sessions.get(route);
    if (sessions === undefined) return;
    for (const { token, receiver } of sessions) if (hasToken(bytes, token)) receiver(bytes, { host, port });
  }

  #at(route: number): readonly Session[] {
    return this.#sessions.get(route) ?? [];
  }

  #keep(route: number, sessions: readonly Session[]): void {
    if (sessions.length === 0) this.#sessions.delete(route);
    else this.#sessions.set(route, sessions);
  }
}
