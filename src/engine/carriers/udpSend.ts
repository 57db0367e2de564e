// One session of a file of mine over UDP: reads the blocks that the thread of the datagrams asks for.

import type { SentCounts } from '../transfer/sentTally.ts';
import type { Sending, SendingEvents, Source } from './carrier.ts';
import type { Address } from './transferRoads.ts';
import type { UdpSessions } from './udpSessions.ts';
import type { SessionWord, ToUdp, UdpSessionOptions } from './udpWords.ts';
import { movable, type Say } from './wordBatch.ts';

export class UdpSend implements Sending {
  readonly #source: Source;
  readonly #events: SendingEvents;
  readonly #id: number;
  readonly #say: Say<ToUdp>;
  readonly #ended = Promise.withResolvers<SentCounts>();
  #isOver = false;

  constructor(
    sessions: UdpSessions,
    options: UdpSessionOptions,
    to: Address,
    source: Source,
    events: SendingEvents,
  ) {
    this.#source = source;
    this.#events = events;
    const { id, say } = sessions.open((word) => this.#hear(word));
    this.#id = id;
    this.#say = say;
    say({ kind: 'send', id, options, to });
  }

  get ended(): Promise<SentCounts> {
    return this.#ended.promise;
  }

  dispose(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#say({ kind: 'end', id: this.#id });
    void this.#source.close();
  }

  #hear(word: SessionWord): void {
    if (word.kind === 'sent') this.#ended.resolve(word.counts);
    else if (word.kind === 'gone') this.#ended.resolve({ piecesAgainBytes: 0, blocks: [] });
    else if (!this.#isOver) this.#obey(word);
  }

  #obey(word: SessionWord): void {
    switch (word.kind) {
      case 'read':
        if (word.spare !== undefined) this.#source.recycle(Buffer.from(word.spare.buffer));
        void this.#read(word.ask, word.offset, word.length);
        return;
      case 'readAll':
        void this.#tellDigest();
        return;
      case 'progress':
        return this.#events.onProgress(word.verifiedBytes);
      case 'finished':
        return this.#events.onFinished();
      case 'stalled':
        return this.#events.onStalled();
    }
  }

  async #read(ask: number, offset: number, length: number): Promise<void> {
    try {
      const bytes = movable(await this.#source.read(offset, length));
      this.#say({ kind: 'block', id: this.#id, ask, bytes }, bytes);
    } catch (error) {
      this.#fail(error);
    }
  }

  async #tellDigest(): Promise<void> {
    try {
      const sha256 = await this.#source.digest();
      if (!this.#isOver) this.#events.onDigest(sha256);
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    if (!this.#isOver) this.#events.onFailed(error);
  }
}
