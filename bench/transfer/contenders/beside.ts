// What the link is for in the product: one word in each direction.

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

export class Beside {
  readonly heard: Promise<string>;
  #server: Server | undefined;
  #socket: Socket | undefined;
  #hear: (word: string) => void = () => undefined;

  constructor() {
    this.heard = new Promise((resolve) => {
      this.#hear = resolve;
    });
  }

  async listen(host: string): Promise<number> {
    this.#server = createServer((socket) => this.#use(socket)).listen(0, host);
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  async dial(host: string, port: number): Promise<void> {
    const socket = connect(port, host);
    await once(socket, 'connect');
    this.#use(socket);
  }

  say(word: string): void {
    this.#socket?.write(word);
  }

  close(): void {
    this.#socket?.destroy();
    this.#server?.close();
  }

  #use(socket: Socket): void {
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    socket.on('data', (bytes) => this.#hear(bytes.toString()));
    this.#socket = socket;
  }
}
