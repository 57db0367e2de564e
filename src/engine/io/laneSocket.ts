// A way from a UdpSocket to one address. Goes through the socket itself until a second one is there, which has the same port and is
// connected: that one costs the system less for each datagram, in both directions, and neither the peer nor a router in between can tell.
//
// All who send to the address share it. Of several connected ones the system hands everything that comes to one, and what waits in
// it at its end is lost, whosever it was.

import type { Socket } from 'node:dgram';
import { hasRoom } from './sendQueue.ts';

export class LaneSocket {
  readonly #sendAround: (bytes: Uint8Array) => void;
  readonly #onUnused: () => void;
  #socket: Socket | undefined;
  #users = 0;
  #isClosed = false;

  /** `connecting` answers undefined where the system has no such sockets. `onUnused`: nobody is to join any more. */
  constructor(
    sendAround: (bytes: Uint8Array) => void,
    connecting: Promise<Socket | undefined>,
    onUnused: () => void,
  ) {
    this.#sendAround = sendAround;
    this.#onUnused = onUnused;
    void connecting.then((socket) => {
      if (this.#isClosed) socket?.close();
      else this.#socket = socket;
    });
  }

  join(): void {
    this.#users++;
  }

  /** Once for each `join`; the last one closes it. */
  leave(): void {
    if (--this.#users > 0) return;
    this.#isClosed = true;
    this.#socket?.close();
    this.#onUnused();
  }

  send(bytes: Uint8Array): void {
    if (this.#socket === undefined) this.#sendAround(bytes);
    else if (hasRoom(this.#socket, bytes.length)) this.#socket.send(bytes);
  }
}
