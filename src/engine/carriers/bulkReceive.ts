// One session of a file of theirs over a bulk connection: bytes in, blocks to the disk, word of what the disk has back.

import { type Disposable, DisposableStore, toDisposable } from '../../base/disposable.ts';
import { encodeBulkCount } from '../../wire/bulkFrame.ts';
import type { BulkConnection } from '../io/bulkConnection.ts';
import { Drive } from '../io/drive.ts';
import {
  type BulkReceiveIn,
  BulkReceiveMachine,
  type BulkReceiveOut,
} from '../transfer/bulkReceiveMachine.ts';
import { LINGER_MS } from '../transfer/params.ts';
import type { MeetingEvents } from './bulkMeeting.ts';
import type { Destination, Missing, Receiving, ReceivingEvents } from './carrier.ts';

export class BulkReceive implements Receiving {
  readonly #destination: Destination;
  readonly #events: ReceivingEvents;
  readonly #machine: BulkReceiveMachine;
  readonly #drive: Drive<BulkReceiveIn, BulkReceiveOut>;
  readonly #owned = new DisposableStore();
  readonly #ended = Promise.withResolvers<number>();
  #connection: BulkConnection | undefined;
  #isFinished = false;

  constructor(
    missing: Missing,
    destination: Destination,
    meet: (events: MeetingEvents) => Disposable,
    events: ReceivingEvents,
  ) {
    this.#destination = destination;
    this.#events = events;
    this.#machine = new BulkReceiveMachine(missing);
    this.#drive = this.#owned.add(
      new Drive<BulkReceiveIn, BulkReceiveOut>(this.#machine, { kind: 'time' }, (out) => this.#carryOut(out)),
    );
    this.#drive.handle({ kind: 'time' });
    events.onBegun();
    this.#owned.add(
      meet({
        onConnection: (connection, rest) => this.#take(connection, rest),
        onMissed: () => this.#miss(),
      }),
    );
  }

  get ended(): Promise<number> {
    return this.#ended.promise;
  }

  hearReading(): void {
    this.#drive.handle({ kind: 'reading' });
  }

  dispose(): void {
    if (this.#owned.isDisposed) return;
    this.#owned.dispose();
    this.#ended.resolve(this.#machine.unfinishedBytes);
    // The last word is written out, as the sender waits for it.
    if (this.#isFinished) this.#connection?.close();
    else this.#connection?.destroy();
  }

  /** The first one is taken. Nothing may come before the word that picks it. */
  #take(connection: BulkConnection, rest: Buffer): void {
    if (this.#connection !== undefined || rest.length > 0) return connection.destroy();
    this.#connection = connection;
    connection.listen({
      onBytes: (bytes) => this.#drive.handle({ kind: 'bytes', bytes }),
      onLost: () => this.#lose(),
    });
    this.#drive.handle({ kind: 'connected' });
    this.#events.onConnected();
  }

  #miss(): void {
    if (this.#connection === undefined) this.#events.onLost();
  }

  #lose(): void {
    if (this.#isFinished) this.#close();
    else if (!this.#owned.isDisposed) this.#events.onLost();
  }

  #carryOut(out: BulkReceiveOut): void {
    switch (out.kind) {
      case 'count':
        return this.#connection?.send([encodeBulkCount(out.blocks)]);
      case 'write':
        void this.#write(out.index, out.offset, out.bytes);
        return;
      case 'flow':
        return this.#connection?.setFlow(out.isOpen);
      case 'part':
        return this.#events.onPart(out.bytes);
      case 'progress':
        return this.#events.onProgress(out.verifiedBytes);
      case 'finished':
        return this.#finish();
      case 'stalled':
        this.#connection?.destroy();
        return this.#events.onStalled();
    }
  }

  /** The sender closes when it has heard so. */
  #finish(): void {
    this.#isFinished = true;
    const timer = setTimeout(() => this.#close(), LINGER_MS);
    this.#owned.add(toDisposable(() => clearTimeout(timer)));
    this.#events.onFinished();
  }

  #close(): void {
    if (this.#owned.isDisposed) return;
    this.dispose();
    this.#events.onClosed();
  }

  async #write(index: number, offset: number, bytes: Buffer): Promise<void> {
    try {
      await this.#destination.write(offset, bytes);
      this.#drive.handle({ kind: 'written', index, bytes });
    } catch (error) {
      if (!this.#owned.isDisposed) this.#events.onFailed(error);
    }
  }
}
