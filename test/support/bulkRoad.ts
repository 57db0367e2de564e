// The road of bulk connections in a test's hands: those that this process dials are led through a proxy, which can refuse them, tear
// them, or stop carrying. Links go their own way. Engines have no hand in it.

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, Socket } from 'node:net';
import { Transform, type TransformCallback } from 'node:stream';
import { BULK_ALPN } from '../../src/wire/bulkFrame.ts';

const HOST = '127.0.0.1';
/** Nobody listens there. */
const CLOSED_PORT = 1;

type Wish = 'pass' | 'refuse' | 'freeze';
/** What is to happen to a connection once so many bytes have come through. */
type Fate = 'freeze' | 'tear';

interface Pair {
  readonly ends: readonly [Socket, Socket];
  /** Of the listener that was dialled. */
  readonly port: number;
}

export class BulkRoad implements Disposable {
  /** Ports that were dialled, in order, refused ones included. */
  readonly dialled: number[] = [];
  /** Bytes that came through, both ways. */
  passedBytes = 0;
  readonly #servers = new Map<number, Server>();
  readonly #pairs = new Set<Pair>();
  readonly #wishes = new Map<number, Wish>();
  readonly #restore: () => void;
  #bytesPerSecond = Number.POSITIVE_INFINITY;
  #fate: { readonly kind: Fate; readonly at: number } | undefined;

  private constructor() {
    this.#restore = divertBulk((port) => this.#wayTo(port));
  }

  /** For the listeners at these ports. */
  static async open(...ports: readonly number[]): Promise<BulkRoad> {
    const road = new BulkRoad();
    for (const port of ports) await road.#serve(port);
    return road;
  }

  refuse(...ports: readonly number[]): void {
    for (const port of ports) this.#wishes.set(port, 'refuse');
  }

  /** New ones are taken, and nothing comes through. */
  freeze(...ports: readonly number[]): void {
    for (const port of ports) this.#wishes.set(port, 'freeze');
  }

  /** Each direction of each connection carries no more than this. */
  slow(bytesPerSecond: number): void {
    this.#bytesPerSecond = bytesPerSecond;
  }

  pass(): void {
    this.#wishes.clear();
  }

  /** What happens to all that are there once so many bytes have come through; later ones are refused. */
  after(bytes: number, kind: Fate): void {
    this.#fate = { kind, at: this.passedBytes + bytes };
  }

  [Symbol.dispose](): void {
    this.#restore();
    for (const server of this.#servers.values()) server.close();
    for (const { ends } of this.#pairs) for (const end of ends) end.destroy();
  }

  #wayTo(port: number): number {
    this.dialled.push(port);
    const server = this.#servers.get(port);
    if (this.#wishes.get(port) === 'refuse' || server === undefined) return CLOSED_PORT;
    return (server.address() as AddressInfo).port;
  }

  async #serve(port: number): Promise<void> {
    const server = createServer((from) => this.#carry(from, port)).listen(0, HOST);
    await once(server, 'listening');
    this.#servers.set(port, server);
  }

  #carry(from: Socket, port: number): void {
    const to = connect(port, HOST);
    const pair: Pair = { ends: [from, to], port };
    this.#pairs.add(pair);
    for (const [one, other] of [
      [from, to],
      [to, from],
    ] as const) {
      one.on('error', () => {});
      one.on('close', () => {
        this.#pairs.delete(pair);
        other.destroy();
      });
      if (this.#wishes.get(port) === 'freeze') continue;
      one.on('data', (bytes) => this.#count(bytes.length));
      one.pipe(new Throttle(this.#bytesPerSecond)).pipe(other);
    }
  }

  #count(bytes: number): void {
    this.passedBytes += bytes;
    if (this.#fate === undefined || this.passedBytes < this.#fate.at) return;
    const { kind } = this.#fate;
    this.#fate = undefined;
    this.refuse(...this.#servers.keys());
    for (const pair of this.#pairs) {
      for (const end of pair.ends) {
        if (kind === 'tear') end.destroy();
        else freezeEnd(end);
      }
    }
  }
}

/** Lets go of each chunk as late as the rate wants it. */
class Throttle extends Transform {
  readonly #bytesPerSecond: number;

  constructor(bytesPerSecond: number) {
    super();
    this.#bytesPerSecond = bytesPerSecond;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    const pass = () => done(null, chunk);
    if (Number.isFinite(this.#bytesPerSecond))
      setTimeout(pass, (1_000 * chunk.length) / this.#bytesPerSecond);
    else pass();
  }
}

function freezeEnd(end: Socket): void {
  end.unpipe();
  end.removeAllListeners('data');
  end.pause();
}

/** All bulk connections that this process dials, from when it is made on: whole, or torn and refused. */
export class BulkSwitch {
  readonly #sockets = new Set<Socket>();
  #isCut = false;

  constructor() {
    divertBulk((port, socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
      return this.#isCut ? CLOSED_PORT : port;
    });
  }

  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  pass(): void {
    this.#isCut = false;
  }
}

/** Until called back, bulk connections of this process go to the port that `wayTo` names for the one that is meant. */
function divertBulk(wayTo: (port: number, socket: Socket) => number): () => void {
  const original = Socket.prototype.connect as (...args: unknown[]) => Socket;
  Socket.prototype.connect = function (this: Socket, ...args: unknown[]) {
    const [options, ...rest] = args;
    const diverted = isBulk(options) ? [{ ...options, port: wayTo(options.port, this) }, ...rest] : args;
    return original.apply(this, diverted);
  } as typeof Socket.prototype.connect;
  return () => {
    Socket.prototype.connect = original as typeof Socket.prototype.connect;
  };
}

function isBulk(options: unknown): options is { port: number } {
  const { ALPNProtocols } = (options ?? {}) as { ALPNProtocols?: unknown };
  return Array.isArray(ALPNProtocols) && ALPNProtocols.includes(BULK_ALPN);
}
