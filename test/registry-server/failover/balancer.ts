// A balancer as deploy/ has one: each connection goes to the next server, and to the one after it where that does not answer.

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

export class Balancer {
  readonly #server: Server;
  readonly #ports: readonly number[];
  readonly #sockets = new Set<Socket>();
  #next = 0;

  private constructor(server: Server, ports: readonly number[]) {
    this.#server = server;
    this.#ports = ports;
  }

  static async over(ports: readonly number[]): Promise<Balancer> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const balancer = new Balancer(server, ports);
    server.on('connection', (socket) => balancer.#take(socket));
    return balancer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #take(from: Socket): void {
    this.#keep(from);
    const turn = this.#next++ % this.#ports.length;
    this.#pass(from, [...this.#ports.slice(turn), ...this.#ports.slice(0, turn)]);
  }

  #pass(from: Socket, [port, ...others]: readonly number[]): void {
    if (port === undefined || from.destroyed) {
      from.destroy();
      return;
    }
    const to = connect(port, '127.0.0.1');
    const passOn = () => this.#pass(from, others);
    to.once('error', passOn);
    to.once('connect', () => {
      to.off('error', passOn);
      this.#keep(to);
      this.#join(from, to);
    });
  }

  #join(from: Socket, to: Socket): void {
    from.once('close', () => to.destroy()).pipe(to);
    to.once('close', () => from.destroy()).pipe(from);
    if (from.destroyed) to.destroy();
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => this.#sockets.delete(socket));
  }
}
