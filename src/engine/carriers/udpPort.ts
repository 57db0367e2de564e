// The engine's UDP port. It is held from the start, as peers are told of it, and the thread of the datagrams takes it over when there is
// something to send or to receive, or soon may be: it takes 16 MB, and most engines have nothing for it for hours.

import type { Millis } from '../../base/clock.ts';
import { UdpSocket } from '../io/udpSocket.ts';
import type { HearSession, SessionEnd, UdpSessions } from './udpSessions.ts';
import { UdpWorker } from './udpWorker.ts';

export class UdpPort implements UdpSessions {
  #host = '';
  #port = 0;
  #held: UdpSocket | undefined;
  #worker: UdpWorker | undefined;
  #isClosed = false;

  /** 0 before `listen` has resolved. */
  get port(): number {
    return this.#port;
  }

  /** Binds `host`:`port`; port 0 takes any free one. Rejects with the system's error, and may be called again then. */
  async listen(host: string, port: number): Promise<void> {
    // Nobody has a session yet.
    const socket = await UdpSocket.open(host, port, () => undefined);
    this.#held = socket;
    this.#host = host;
    this.#port = socket.port;
  }

  /**
   * The thread takes a fifth of a second to start, on a busy machine more than a carrier has for its first block. After `close` there is
   * none to start.
   */
  expect(): void {
    if (!this.#isClosed) this.#worker ??= this.#start();
  }

  open(hear: HearSession): SessionEnd {
    this.#worker ??= this.#start();
    return this.#worker.open(hear);
  }

  /** As UdpWorker does. */
  giveWay(ms: Millis): void {
    this.#worker?.giveWay(ms);
  }

  /** As UdpWorker does. */
  async close(lastWordsMs?: Millis): Promise<void> {
    this.#isClosed = true;
    this.#held?.dispose();
    await this.#worker?.close(lastWordsMs);
  }

  /**
   * Where somebody else takes the port in between (a moment), there is another one: what is sent goes from there, and whoever connects from
   * now on is told of it. Files of those who are connected come over the other carrier. So do all where there is none at all.
   */
  #start(): UdpWorker {
    const worker = new UdpWorker();
    this.#held?.dispose();
    const listening = worker.listen(this.#host, this.#port);
    listening.then(
      () => {
        this.#port = worker.port;
      },
      () => undefined,
    );
    return worker;
  }
}
