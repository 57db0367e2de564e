// A balancer of the simplest kind: one port in front of several servers, of which one is dialled at a time.

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

export class Switchboard {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #port: number;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.#port = port;
  }

  static async inFrontOf(port: number): Promise<Switchboard> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const board = new Switchboard(server, port);
    server.on('connection', (socket) => board.#join(socket));
    return board;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** For connections from now on; those that are there stay with their server. */
  switchTo(port: number): void {
    this.#port = port;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #join(from: Socket): void {
    const to = connect(this.#port, '127.0.0.1');
    for (const [socket, other] of [
      [from, to],
      [to, from],
    ] as const) {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  }
}
