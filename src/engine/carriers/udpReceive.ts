// One session of a file of theirs over UDP: writes the blocks that the thread of the datagrams has opened.

import { giveBack } from '../../base/giveBack.ts';
import { type Destination, ForgedBlockError, type Receiving, type ReceivingEvents } from './carrier.ts';
import type { UdpSessions } from './udpSessions.ts';
import type { SessionWord, ToUdp, UdpSessionOptions } from './udpWords.ts';
import type { Say } from './wordBatch.ts';

export class UdpReceive implements Receiving {
  readonly #destination: Destination;
  readonly #events: ReceivingEvents;
  readonly #id: number;
  readonly #say: Say<ToUdp>;
  readonly #ended = Promise.withResolvers<number>();
  #isOver = false;

  constructor(
    sessions: UdpSessions,
    options: UdpSessionOptions,
    destination: Destination,
    events: ReceivingEvents,
  ) {
    this.#destination = destination;
    this.#events = events;
    const { id, say } = sessions.open((word) => this.#hear(word));
    this.#id = id;
    this.#say = say;
    say({ kind: 'receive', id, options });
  }

  get ended(): Promise<number> {
    return this.#ended.promise;
  }

  hearReading(): void {
    this.#say({ kind: 'reading', id: this.#id });
  }

  dispose(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#say({ kind: 'end', id: this.#id });
  }

  #hear(word: SessionWord): void {
    if (word.kind === 'left') this.#ended.resolve(word.unfinishedBytes);
    else if (word.kind === 'gone') this.#ended.resolve(0);
    // What had come when it ended is certain, and worth keeping.
    else if (word.kind === 'write') void this.#write(word.ask, word.offset, word.bytes);
    else if (!this.#isOver) this.#obey(word);
  }

  #obey(word: SessionWord): void {
    switch (word.kind) {
      case 'begun':
        return this.#events.onBegun();
      case 'part':
        return this.#events.onPart(word.bytes);
      case 'progress':
        return this.#events.onProgress(word.verifiedBytes);
      case 'finished':
        return this.#events.onFinished();
      case 'closed':
        this.dispose();
        return this.#events.onClosed();
      case 'stalled':
        return this.#events.onStalled();
      case 'forged':
        return this.#events.onFailed(new ForgedBlockError(word.why));
    }
  }

  async #write(ask: number, offset: number, bytes: Uint8Array): Promise<void> {
    try {
      await this.#destination.write(offset, bytes);
      giveBack(bytes);
      this.#say({ kind: 'written', id: this.#id, ask });
    } catch (error) {
      if (!this.#isOver) this.#events.onFailed(error);
    }
  }
}
