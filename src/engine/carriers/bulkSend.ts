// One session of a file of mine over a bulk connection: blocks from the disk to the socket, as fast as that takes them.

import { type Disposable, DisposableStore } from '../../base/disposable.ts';
import { BulkCountDecoder, encodeBulkHeader } from '../../wire/bulkFrame.ts';
import type { BulkConnection } from '../io/bulkConnection.ts';
import { Drive } from '../io/drive.ts';
import { blockCountOf } from '../transfer/blocks.ts';
import { type BulkSendIn, BulkSendMachine, type BulkSendOut } from '../transfer/bulkSendMachine.ts';
import { BULK_FIRST_RECORD_BYTES } from '../transfer/carrierParams.ts';
import type { SentCounts } from '../transfer/sentTally.ts';
import type { TakeConnection } from './bulkDoor.ts';
import type { Missing, Sending, SendingEvents, Source } from './carrier.ts';

/** One from each side. */
const MAX_CONNECTIONS = 2;

export class BulkSend implements Sending {
  readonly #source: Source;
  readonly #events: SendingEvents;
  readonly #machine: BulkSendMachine;
  readonly #drive: Drive<BulkSendIn, BulkSendOut>;
  readonly #owned = new DisposableStore();
  readonly #ended = Promise.withResolvers<SentCounts>();
  readonly #lastBlock: number;
  /** The receiver picks one of them with its first word. */
  readonly #connections = new Set<BulkConnection>();
  #picked: BulkConnection | undefined;
  /** The first block says that a line lives, be it thin: whoever waits for it sees parts of it. */
  #hasBegun = false;

  constructor(
    missing: Missing,
    source: Source,
    meet: (take: TakeConnection) => Disposable,
    events: SendingEvents,
  ) {
    this.#source = source;
    this.#events = events;
    this.#lastBlock = blockCountOf(missing.sizeBytes) - 1;
    this.#machine = new BulkSendMachine(missing);
    this.#drive = this.#owned.add(
      new Drive<BulkSendIn, BulkSendOut>(this.#machine, { kind: 'time' }, (out) => this.#carryOut(out)),
    );
    this.#drive.handle({ kind: 'time' });
    this.#owned.add(meet((connection, rest) => this.#take(connection, rest)));
  }

  get ended(): Promise<SentCounts> {
    return this.#ended.promise;
  }

  dispose(): void {
    if (this.#owned.isDisposed) return;
    this.#owned.dispose();
    this.#ended.resolve(this.#machine.counts);
    for (const connection of this.#connections) connection.destroy();
    void this.#source.close();
  }

  #take(connection: BulkConnection, rest: Buffer): void {
    if (this.#picked !== undefined || this.#connections.size >= MAX_CONNECTIONS) return connection.destroy();
    this.#connections.add(connection);
    const counts = new BulkCountDecoder();
    const hear = (bytes: Buffer) => this.#hear(connection, counts.push(bytes));
    connection.listen({ onBytes: hear, onLost: () => this.#lose(connection) });
    hear(rest);
  }

  #hear(connection: BulkConnection, blocks: number | undefined): void {
    if (blocks === undefined) return;
    if (this.#picked === undefined) this.#pick(connection);
    this.#drive.handle({ kind: 'count', blocks });
  }

  #pick(connection: BulkConnection): void {
    this.#picked = connection;
    for (const other of this.#connections) if (other !== connection) other.destroy();
  }

  #lose(connection: BulkConnection): void {
    this.#connections.delete(connection);
    if (this.#picked === connection) this.#events.onStalled();
  }

  #carryOut(out: BulkSendOut): void {
    switch (out.kind) {
      case 'needBlock':
        void this.#read(out.index, out.offset, out.length);
        return;
      case 'send':
        return this.#send(out.index, out.bytes, 0, out.bytes.length);
      case 'sendSlice':
        return this.#send(out.index, out.bytes, out.start, out.end);
      case 'progress':
        return this.#events.onProgress(out.verifiedBytes);
      case 'doubt':
        return this.#events.onStalled();
      case 'finished':
        this.#picked?.close();
        return this.#events.onFinished();
      case 'stalled':
        this.#picked?.destroy();
        return this.#events.onStalled();
    }
  }

  #send(index: number, bytes: Buffer, start: number, end: number): void {
    const part = end - start === bytes.length ? bytes : bytes.subarray(start, end);
    const parts = start === 0 ? [encodeBulkHeader(index, bytes.length), part] : [part];
    const onSent = end === bytes.length ? () => this.#recycle(bytes) : undefined;
    if (this.#hasBegun || onSent === undefined) this.#picked?.send(parts, onSent);
    else this.#picked?.sendApart(inRecords(Buffer.concat(parts)), onSent);
    this.#hasBegun = true;
  }

  #recycle(bytes: Buffer): void {
    this.#source.recycle(bytes);
    this.#drive.handle({ kind: 'sent' });
  }

  async #read(index: number, offset: number, length: number): Promise<void> {
    try {
      const bytes = await this.#source.read(offset, length);
      this.#drive.handle({ kind: 'block', index, bytes });
      if (index === this.#lastBlock && !this.#owned.isDisposed)
        this.#events.onDigest(await this.#source.digest());
    } catch (error) {
      if (!this.#owned.isDisposed) this.#events.onFailed(error);
    }
  }
}

function inRecords(bytes: Buffer): Buffer[] {
  const count = Math.ceil(bytes.length / BULK_FIRST_RECORD_BYTES);
  return Array.from({ length: count }, (_, i) =>
    bytes.subarray(i * BULK_FIRST_RECORD_BYTES, (i + 1) * BULK_FIRST_RECORD_BYTES),
  );
}
