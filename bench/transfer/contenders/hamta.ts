// The image transfer as shipped: sessions, machines and socket of the engine, sealed and verified. Between memories, or
// between files with the digest at the end and the word "complete" over a connection beside it.

import { createHash, randomBytes } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BlockNotes } from '../../../src/engine/io/blockNotes.ts';
import { PartialFile, type PartialFileOptions } from '../../../src/engine/io/partialFile.ts';
import { SourceFile, stampOf } from '../../../src/engine/io/sourceFile.ts';
import { UdpSocket } from '../../../src/engine/io/udpSocket.ts';
import { type Destination, ReceiveSession } from '../../../src/engine/receiveSession.ts';
import { SendSession, type Source } from '../../../src/engine/sendSession.ts';
import { sessionKeysOf } from '../../../src/engine/transfer/sessionKeys.ts';
import type { SessionOptions } from '../../../src/engine/transfer/transferIo.ts';
import { TransferRoads } from '../../../src/engine/transferRoads.ts';
import type { Contender, ReceivingEnd, SendingEnd, Setup, Words } from '../contender.ts';
import { Beside } from './beside.ts';

export function hamtaOf(datagramBytes: number): Contender {
  return {
    receiver: (setup) => memoryReceiver(setup, datagramBytes),
    sender: (setup) => memorySender(setup, datagramBytes),
  };
}

export function hamtaFilesOf(datagramBytes: number): Contender {
  return {
    receiver: (setup) => fileReceiver(setup, datagramBytes),
    sender: (setup) => fileSender(setup, datagramBytes),
  };
}

// ---- between memories

function memoryReceiver(setup: Setup, datagramBytes: number): ReceivingEnd {
  const road = new Road();
  const bytes = Buffer.alloc(setup.payload.length, 1);
  const destination: Destination = { write: async (offset, block) => void bytes.set(block, offset) };
  let session: ReceiveSession | undefined;
  return {
    async offer() {
      const words = await road.open(setup);
      session = receive(setup, words, datagramBytes, destination, road);
      return words;
    },
    accept: async () => undefined,
    received: async () => bytes,
    close() {
      session?.dispose();
      road.close();
    },
  };
}

function memorySender(setup: Setup, datagramBytes: number): SendingEnd {
  const road = new Road();
  let words: Words = {};
  return {
    async connect(offer) {
      await road.open(setup);
      words = offer;
      return {};
    },
    isReady: async () => undefined,
    async send() {
      await send(setup, words, datagramBytes, memorySource(setup.payload), road, () => undefined);
      return setup.payload.length;
    },
    close: () => road.close(),
  };
}

function memorySource(payload: Buffer): Source {
  return {
    read: async (offset, length) => payload.subarray(offset, offset + length),
    recycle: () => undefined,
    digest: async () => '',
    close: async () => undefined,
  };
}

// ---- between files

function fileReceiver(setup: Setup, datagramBytes: number): ReceivingEnd {
  const road = new Road();
  const beside = new Beside();
  const options: PartialFileOptions = {
    ...{ folder: setup.folder, notesFolder: join(setup.folder, 'notes'), name: 'got.bin' },
    ...{ transferId: randomBytes(16).toString('hex'), sizeBytes: setup.payload.length },
  };
  let session: ReceiveSession | undefined;
  let path = '';
  return {
    async offer() {
      const file = await PartialFile.open(options);
      const words = await road.open(setup);
      session = receive(setup, words, datagramBytes, file, road, async () => {
        path = await file.finish(await beside.heard);
        beside.say('complete');
      });
      return { ...words, beside: await beside.listen(setup.host) };
    },
    accept: async () => undefined,
    async received() {
      const bytes = await readFile(path);
      await rm(path);
      await PartialFile.remove(options);
      return bytes;
    },
    close() {
      session?.dispose();
      road.close();
      beside.close();
    },
  };
}

function fileSender(setup: Setup, datagramBytes: number): SendingEnd {
  const road = new Road();
  const beside = new Beside();
  const path = join(setup.folder, 'sent.bin');
  let words: Words = {};
  return {
    async connect(offer) {
      words = offer;
      await writeFile(path, setup.payload);
      await road.open(setup);
      await beside.dial(setup.peerHost, Number(offer.beside));
      return {};
    },
    isReady: async () => undefined,
    async send() {
      const place = { notesFolder: setup.folder, transferId: randomBytes(16).toString('hex') };
      const notes = await BlockNotes.open(place, setup.payload.length);
      const source = await SourceFile.open(path, await stampOf(path), notes);
      await send(setup, words, datagramBytes, source, road, (sha256) => beside.say(sha256));
      await beside.heard;
      await notes.close();
      await BlockNotes.remove(place);
      return setup.payload.length;
    },
    close() {
      road.close();
      beside.close();
    },
  };
}

// ---- both

class Road {
  readonly roads = new TransferRoads();
  #socket: UdpSocket | undefined;

  async open({ host }: Setup): Promise<Words> {
    this.#socket = await UdpSocket.open(host, 0, (bytes, from, port) =>
      this.roads.receive(bytes, from, port),
    );
    this.roads.use(this.#socket);
    return { port: this.#socket.port, session: randomBytes(8).toString('hex') };
  }

  close(): void {
    this.#socket?.dispose();
  }
}

function receive(
  setup: Setup,
  words: Words,
  datagramBytes: number,
  destination: Destination,
  { roads }: Road,
  onFinished: () => void = () => undefined,
): ReceiveSession {
  return new ReceiveSession(optionsOf(setup, words, datagramBytes), destination, roads, {
    onProgress: () => undefined,
    onFinished,
    onClosed: () => undefined,
    onStalled: () => undefined,
    onFailed: (error) => console.error(error),
  });
}

/** Resolves when the receiver has verified every block. */
function send(
  setup: Setup,
  words: Words,
  datagramBytes: number,
  source: Source,
  { roads }: Road,
  onDigest: (sha256: string) => void,
): Promise<void> {
  const to = { host: setup.peerHost, port: Number(words.port) };
  return new Promise((resolve, reject) => {
    const session = new SendSession(optionsOf(setup, words, datagramBytes), source, roads, to, {
      onProgress: () => undefined,
      onDigest,
      onFinished() {
        session.dispose();
        resolve();
      },
      onStalled: () => reject(new Error('stalled')),
      onFailed: reject,
    });
  });
}

function optionsOf({ payload }: Setup, words: Words, datagramBytes: number): SessionOptions {
  const session = String(words.session);
  const transferId = createHash('sha256').update(session).digest('hex').slice(0, 32);
  const secret = Buffer.alloc(32, 7);
  return {
    keys: sessionKeysOf({ secret, transferId, session }),
    sizeBytes: payload.length,
    firstBlock: 0,
    datagramBytes,
  };
}
