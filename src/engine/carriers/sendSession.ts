// One session of a file of mine: reads blocks from the disk as the machine asks for them, and sends its datagrams.

import type { Millis } from '../../base/clock.ts';
import { type Disposable, DisposableStore } from '../../base/disposable.ts';
import { Drive } from '../io/drive.ts';
import type { UdpLane } from '../io/udpLane.ts';
import { blockCountOf, bytesToSend } from '../transfer/blocks.ts';
import { SendMachine } from '../transfer/sendMachine.ts';
import type { SentCounts } from '../transfer/sentTally.ts';
import type { SendIn, SendOptions, SendOut } from '../transfer/transferIo.ts';
import type { SendingEvents, Source } from './carrier.ts';
import { PeerAddresses } from './peerAddresses.ts';
import type { Address, TransferRoads } from './transferRoads.ts';

export class SendSession implements Disposable {
  readonly #source: Source;
  readonly #events: SendingEvents;
  readonly #machine: SendMachine;
  readonly #drive: Drive<SendIn, SendOut>;
  readonly #owned = new DisposableStore();
  readonly #lastBlock: number;
  readonly #roads: TransferRoads;
  readonly #addresses: PeerAddresses;
  #lane: UdpLane | undefined;

  constructor(
    options: SendOptions,
    source: Source,
    roads: TransferRoads,
    to: Address,
    events: SendingEvents,
  ) {
    this.#source = source;
    this.#events = events;
    const { sizeBytes, firstBlock, have } = options;
    this.#lastBlock = blockCountOf(sizeBytes) - 1;
    this.#roads = roads;
    this.#addresses = new PeerAddresses(to);
    const part = this.#owned.add(roads.shareOf(to).join(bytesToSend(sizeBytes, firstBlock, have)));
    this.#lane = roads.laneTo(to);
    this.#machine = new SendMachine({ ...options, part, pool: roads.pool });
    this.#drive = this.#owned.add(
      new Drive<SendIn, SendOut>(this.#machine, { kind: 'time' }, (out) => {
        if (out.kind === 'datagram') this.#lane?.send(out.bytes);
        else this.#carryOut(out);
      }),
    );
    const receive = (bytes: Buffer, from: Address) =>
      this.#drive.handle({ kind: 'datagram', bytes, place: this.#addresses.placeOf(from) });
    this.#owned.add(roads.register(options.keys.token, receive));
    this.#drive.handle({ kind: 'time' });
  }

  get counts(): SentCounts {
    return this.#machine.counts;
  }

  /** Something else goes first for so long. */
  giveWay(ms: Millis): void {
    this.#drive.handle({ kind: 'giveWay', ms });
  }

  dispose(): void {
    if (this.#owned.isDisposed) return;
    this.#owned.dispose();
    this.#lane?.dispose();
    void this.#source.close();
  }

  #carryOut(out: Exclude<SendOut, { kind: 'datagram' }>): void {
    switch (out.kind) {
      case 'needBlock':
        void this.#read(out.index, out.offset, out.length);
        return;
      case 'probePlace':
        return this.#sendTo(out.place, out.bytes);
      case 'moved':
        return this.#follow(out.place);
      case 'progress':
        return this.#events.onProgress(out.verifiedBytes);
      case 'finished':
        return this.#events.onFinished();
      case 'stalled':
        return this.#events.onStalled();
    }
  }

  #sendTo(place: number, bytes: Uint8Array): void {
    const to = this.#addresses.addressOf(place);
    if (to !== undefined) this.#roads.send(bytes, to);
  }

  /** A place that is forgotten was one of too many; the receiver will be heard from again. */
  #follow(place: number): void {
    const to = this.#addresses.addressOf(place);
    if (to === undefined) return;
    this.#lane?.dispose();
    this.#lane = this.#roads.laneTo(to);
  }

  async #read(index: number, offset: number, length: number): Promise<void> {
    try {
      const bytes = await this.#source.read(offset, length);
      this.#drive.handle({ kind: 'block', index, bytes });
      this.#source.recycle(bytes);
      if (index === this.#lastBlock && !this.#owned.isDisposed)
        this.#events.onDigest(await this.#source.digest());
    } catch (error) {
      if (!this.#owned.isDisposed) this.#events.onFailed(error);
    }
  }
}
