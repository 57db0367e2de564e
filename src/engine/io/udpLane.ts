// A way from a UdpSocket to one address. Goes through the socket itself until a second one is there, which has the same port and is
// connected: that one costs the system less for each datagram, and neither the peer nor a router in between can tell.

import type { Socket } from 'node:dgram';
import type { Disposable } from '../../base/disposable.ts';
import { hasRoom } from './sendQueue.ts';

export class UdpLane implements Disposable {
  readonly #sendAround: (bytes: Uint8Array) => void;
  #socket: Socket | undefined;
  #disposed = false;

  /** `connecting` answers undefined where the system has no such sockets. */
  constructor(sendAround: (bytes: Uint8Array) => void, connecting: Promise<Socket | undefined>) {
    this.#sendAround = sendAround;
    void connecting.then((socket) => {
      if (this.#disposed) socket?.close();
      else this.#socket = socket;
    });
  }

  /** As `UdpSocket.send`. */
  send(bytes: Uint8Array): void {
    if (this.#disposed) return;
    if (this.#socket === undefined) this.#sendAround(bytes);
    else if (hasRoom(this.#socket)) this.#socket.send(bytes);
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#socket?.close();
  }
}
