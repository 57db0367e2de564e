// One session of a file of theirs: datagrams in, acknowledgements out, verified blocks to the disk.

import { type Disposable, DisposableStore } from '../../base/disposable.ts';
import { giveBack } from '../../base/giveBack.ts';
import { Drive } from '../io/drive.ts';
import type { UdpLane } from '../io/udpLane.ts';
import { ReceiveMachine } from '../transfer/receiveMachine.ts';
import type { ReceiveIn, ReceiveOut, SessionOptions } from '../transfer/transferIo.ts';
import { type Destination, ForgedBlockError, type ReceivingEvents } from './carrier.ts';
import type { Address, TransferRoads } from './transferRoads.ts';

/** It begins as it is made. A road of datagrams is never known to be there, or to be lost: it goes silent. */
type Events = Omit<ReceivingEvents, 'onBegun' | 'onConnected' | 'onLost'>;

export class ReceiveSession implements Disposable {
  readonly #destination: Destination;
  readonly #events: Events;
  readonly #machine: ReceiveMachine;
  readonly #drive: Drive<ReceiveIn, ReceiveOut>;
  readonly #owned = new DisposableStore();
  readonly #roads: TransferRoads;
  /** Where answers go, and where the datagram at hand has come from. */
  #sender: Address | undefined;
  #from: Address | undefined;
  #lane: UdpLane | undefined;

  constructor(options: SessionOptions, destination: Destination, roads: TransferRoads, events: Events) {
    this.#destination = destination;
    this.#events = events;
    this.#roads = roads;
    this.#machine = new ReceiveMachine({ ...options, pool: roads.pool });
    this.#drive = this.#owned.add(
      new Drive<ReceiveIn, ReceiveOut>(this.#machine, { kind: 'time' }, (out) => {
        if (out.kind === 'datagram') this.#answer(out.bytes);
        else this.#carryOut(out);
      }),
    );
    const receive = (bytes: Buffer, from: Address) => {
      this.#from = from;
      // Until something that only the sender can have made says otherwise.
      this.#sender ??= from;
      this.#drive.handle({ kind: 'datagram', bytes });
    };
    this.#owned.add(roads.register(options.keys.token, receive));
    this.#drive.handle({ kind: 'time' });
  }

  /** Bytes that came of blocks that are not whole. */
  get unfinishedBytes(): number {
    return this.#machine.unfinishedBytes;
  }

  /** The sender waits for its own disk. */
  hearReading(): void {
    this.#drive.handle({ kind: 'reading' });
  }

  dispose(): void {
    this.#owned.dispose();
    this.#lane?.dispose();
  }

  #answer(bytes: Uint8Array): void {
    if (this.#lane !== undefined) this.#lane.send(bytes);
    else if (this.#sender !== undefined) this.#roads.send(bytes, this.#sender);
  }

  /** An address that is still the same is worth a lane: what comes by it costs less, too. Copies from elsewhere open none. */
  #follow(from: Address): void {
    if (from.host === this.#sender?.host && from.port === this.#sender.port) {
      this.#lane ??= this.#roads.laneTo(from);
      return;
    }
    this.#lane?.dispose();
    this.#lane = undefined;
    this.#sender = from;
  }

  #carryOut(out: Exclude<ReceiveOut, { kind: 'datagram' }>): void {
    switch (out.kind) {
      case 'write':
        void this.#write(out.index, out.offset, out.bytes);
        return;
      case 'part':
        return this.#events.onPart(out.bytes);
      case 'progress':
        return this.#events.onProgress(out.verifiedBytes);
      case 'heard':
        if (this.#from !== undefined) this.#follow(this.#from);
        return;
      case 'finished':
        return this.#events.onFinished();
      case 'closed':
        this.dispose();
        return this.#events.onClosed();
      case 'stalled':
        return this.#events.onStalled();
      case 'failed':
        return this.#events.onFailed(new ForgedBlockError(`block ${out.block} was forged`));
    }
  }

  async #write(index: number, offset: number, bytes: Uint8Array): Promise<void> {
    try {
      await this.#destination.write(offset, bytes);
      giveBack(bytes);
      this.#drive.handle({ kind: 'written', index });
    } catch (error) {
      if (!this.#owned.isDisposed) this.#events.onFailed(error);
    }
  }
}
