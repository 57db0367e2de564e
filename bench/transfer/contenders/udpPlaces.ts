// Where sessions over UDP may live: in a thread of their own, as an engine has them, or in the one that has their bytes.

import type { Disposable } from '../../../src/base/disposable.ts';
import type {
  Destination,
  ReceivingEvents,
  SendingEvents,
  Source,
} from '../../../src/engine/carriers/carrier.ts';
import { ReceiveSession } from '../../../src/engine/carriers/receiveSession.ts';
import { SendSession } from '../../../src/engine/carriers/sendSession.ts';
import { type Address, TransferRoads } from '../../../src/engine/carriers/transferRoads.ts';
import { UdpReceive } from '../../../src/engine/carriers/udpReceive.ts';
import { UdpSend } from '../../../src/engine/carriers/udpSend.ts';
import type { UdpSessionOptions } from '../../../src/engine/carriers/udpWords.ts';
import { UdpWorker } from '../../../src/engine/carriers/udpWorker.ts';
import { UdpSocket } from '../../../src/engine/io/udpSocket.ts';

export interface UdpPlace {
  /** At a new port, which it answers: what is remembered of a path would help the next round. */
  listen(host: string): Promise<number>;
  send(options: UdpSessionOptions, to: Address, source: Source, events: SendingEvents): Disposable;
  receive(options: UdpSessionOptions, destination: Destination, events: ReceivingEvents): Disposable;
}

export class InTwoThreads implements UdpPlace {
  #started: UdpWorker | undefined;

  async listen(host: string): Promise<number> {
    await this.#worker.listen(host, 0);
    return this.#worker.port;
  }

  send(options: UdpSessionOptions, to: Address, source: Source, events: SendingEvents): Disposable {
    return new UdpSend(this.#worker, options, to, source, events);
  }

  receive(options: UdpSessionOptions, destination: Destination, events: ReceivingEvents): Disposable {
    return new UdpReceive(this.#worker, options, destination, events);
  }

  get #worker(): UdpWorker {
    this.#started ??= new UdpWorker();
    return this.#started;
  }
}

export class InOneThread implements UdpPlace {
  readonly #roads = new TransferRoads();
  #socket: UdpSocket | undefined;

  async listen(host: string): Promise<number> {
    this.#socket?.dispose();
    this.#socket = await UdpSocket.open(host, 0, (bytes, from, port) =>
      this.#roads.receive(bytes, from, port),
    );
    this.#roads.use(this.#socket);
    return this.#socket.port;
  }

  send(options: UdpSessionOptions, to: Address, source: Source, events: SendingEvents): Disposable {
    return new SendSession(options, source, this.#roads, to, events);
  }

  receive(options: UdpSessionOptions, destination: Destination, events: ReceivingEvents): Disposable {
    return new ReceiveSession(options, destination, this.#roads, events);
  }
}
