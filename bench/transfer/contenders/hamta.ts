// The image transfer as shipped: sessions, machines and sockets of the engine in their thread, sealed and verified. Between memories or
// files; and once in the thread that has the memories, to see what the way between two threads costs.

import { createHash, randomBytes } from 'node:crypto';
import type { Disposable } from '../../../src/base/disposable.ts';
import type { Destination, Source } from '../../../src/engine/carriers/carrier.ts';
import type { UdpSessionOptions } from '../../../src/engine/carriers/udpWords.ts';
import { type DatagramLengths, datagramLengthsTo } from '../../../src/engine/io/datagramLengths.ts';
import { sessionKeysOf } from '../../../src/engine/transfer/sessionKeys.ts';
import type { Contender, Setup, Words } from '../contender.ts';
import { betweenFiles } from './betweenFiles.ts';
import { betweenMemories } from './betweenMemories.ts';
import { type Road, sent } from './road.ts';
import { InOneThread, InTwoThreads, type UdpPlace } from './udpPlaces.ts';

type LengthsOf = (setup: Setup) => DatagramLengths;

/** An engine's sessions live in one place for as long as it does. */
const inTwo = new InTwoThreads();
const inOne = new InOneThread();

export function hamtaOf(lengthsOf: LengthsOf): Contender {
  return betweenMemories((setup) => new UdpRoad(setup, lengthsOf(setup), inTwo));
}

export function hamtaInOneThreadOf(lengthsOf: LengthsOf): Contender {
  return betweenMemories((setup) => new UdpRoad(setup, lengthsOf(setup), inOne));
}

export function hamtaFilesOf(lengthsOf: LengthsOf): Contender {
  return betweenFiles((setup) => new UdpRoad(setup, lengthsOf(setup), inTwo));
}

export function datagramsOf(bytes: number): LengthsOf {
  return () => ({ datagramBytes: bytes, firstDatagramBytes: bytes });
}

/** As the engine asks its interface, and then the path. */
export const probedDatagrams: LengthsOf = ({ host, peerHost }) => datagramLengthsTo(peerHost, host);

class UdpRoad implements Road {
  readonly #setup: Setup;
  readonly #lengths: DatagramLengths;
  readonly #place: UdpPlace;
  #session: Disposable | undefined;
  #offered: Words = {};

  constructor(setup: Setup, lengths: DatagramLengths, place: UdpPlace) {
    this.#setup = setup;
    this.#lengths = lengths;
    this.#place = place;
  }

  async open(destination: Destination, onFinished: () => void): Promise<Words> {
    const words = {
      port: await this.#place.listen(this.#setup.host),
      session: randomBytes(8).toString('hex'),
    };
    this.#session = this.#place.receive(this.#optionsOf(words.session), destination, {
      onBegun: () => undefined,
      onConnected: () => undefined,
      onPart: () => undefined,
      onProgress: () => undefined,
      onFinished,
      onClosed: () => undefined,
      onStalled: () => undefined,
      onLost: () => undefined,
      onFailed: (error) => console.error(error),
    });
    return words;
  }

  async reach(words: Words): Promise<void> {
    await this.#place.listen(this.#setup.host);
    this.#offered = words;
  }

  pass(source: Source, onDigest: (sha256: string) => void): Promise<void> {
    const to = { host: this.#setup.peerHost, port: Number(this.#offered.port) };
    const options = this.#optionsOf(String(this.#offered.session));
    return sent(onDigest, (events) => this.#place.send(options, to, source, events));
  }

  close(): void {
    this.#session?.dispose();
  }

  #optionsOf(session: string): UdpSessionOptions {
    const transferId = createHash('sha256').update(session).digest('hex').slice(0, 32);
    return {
      keys: sessionKeysOf({ secret: Buffer.alloc(32, 7), transferId, session }),
      sizeBytes: this.#setup.payload.length,
      firstBlock: 0,
      ...this.#lengths,
    };
  }
}
