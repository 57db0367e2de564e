// The image transfer as shipped: sessions, machines and socket of the engine, sealed and verified. Between memories or files.

import { createHash, randomBytes } from 'node:crypto';
import { type Destination, ReceiveSession } from '../../../src/engine/carriers/receiveSession.ts';
import { SendSession, type Source } from '../../../src/engine/carriers/sendSession.ts';
import { TransferRoads } from '../../../src/engine/carriers/transferRoads.ts';
import { type DatagramLengths, datagramLengthsTo } from '../../../src/engine/io/paths.ts';
import { UdpSocket } from '../../../src/engine/io/udpSocket.ts';
import { sessionKeysOf } from '../../../src/engine/transfer/sessionKeys.ts';
import type { SessionOptions } from '../../../src/engine/transfer/transferIo.ts';
import type { Contender, Setup, Words } from '../contender.ts';
import { betweenFiles } from './betweenFiles.ts';
import { betweenMemories } from './betweenMemories.ts';
import { type Road, sent } from './road.ts';

type LengthsOf = (setup: Setup) => DatagramLengths;

export function hamtaOf(lengthsOf: LengthsOf): Contender {
  return betweenMemories((setup) => new UdpRoad(setup, lengthsOf(setup)));
}

export function hamtaFilesOf(lengthsOf: LengthsOf): Contender {
  return betweenFiles((setup) => new UdpRoad(setup, lengthsOf(setup)));
}

export function datagramsOf(bytes: number): LengthsOf {
  return () => ({ datagramBytes: bytes, firstDatagramBytes: bytes });
}

/** As the engine asks its interface, and then the path. */
export const probedDatagrams: LengthsOf = ({ host, peerHost }) => datagramLengthsTo(peerHost, host);

/** An engine has one for as long as it runs. What it remembers of a path helps nobody here: each round has its own port. */
const roads = new TransferRoads();

class UdpRoad implements Road {
  readonly #setup: Setup;
  readonly #lengths: DatagramLengths;
  #socket: UdpSocket | undefined;
  #session: ReceiveSession | undefined;
  #offered: Words = {};

  constructor(setup: Setup, lengths: DatagramLengths) {
    this.#setup = setup;
    this.#lengths = lengths;
  }

  async open(destination: Destination, onFinished: () => void): Promise<Words> {
    const { port } = await this.#listen();
    const words = { port, session: randomBytes(8).toString('hex') };
    this.#session = new ReceiveSession(this.#optionsOf(words.session), destination, roads, {
      onProgress: () => undefined,
      onFinished,
      onClosed: () => undefined,
      onStalled: () => undefined,
      onFailed: (error) => console.error(error),
    });
    return words;
  }

  async reach(words: Words): Promise<void> {
    await this.#listen();
    this.#offered = words;
  }

  pass(source: Source, onDigest: (sha256: string) => void): Promise<void> {
    const to = { host: this.#setup.peerHost, port: Number(this.#offered.port) };
    const options = this.#optionsOf(String(this.#offered.session));
    return sent(onDigest, (events) => new SendSession(options, source, roads, to, events));
  }

  close(): void {
    this.#session?.dispose();
    this.#socket?.dispose();
  }

  async #listen(): Promise<UdpSocket> {
    this.#socket = await UdpSocket.open(this.#setup.host, 0, (bytes, from, port) =>
      roads.receive(bytes, from, port),
    );
    roads.use(this.#socket);
    return this.#socket;
  }

  #optionsOf(session: string): SessionOptions {
    const transferId = createHash('sha256').update(session).digest('hex').slice(0, 32);
    return {
      keys: sessionKeysOf({ secret: Buffer.alloc(32, 7), transferId, session }),
      sizeBytes: this.#setup.payload.length,
      firstBlock: 0,
      ...this.#lengths,
    };
  }
}
