// A file over the engine's TLS carrier as shipped: its listener, its connection and its two machines, which check every block. The
// connection is made before the clock runs, as with raw TLS. Between memories, or from a file to a synced file.

import { randomBytes } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toDisposable } from '../../../src/base/disposable.ts';
import { BulkReceive } from '../../../src/engine/carriers/bulkReceive.ts';
import { BulkSend } from '../../../src/engine/carriers/bulkSend.ts';
import { fingerprintOfCertificate } from '../../../src/engine/identity/fingerprint.ts';
import { loadIdentity } from '../../../src/engine/identity/identity.ts';
import { BlockNotes } from '../../../src/engine/io/blockNotes.ts';
import type { BulkConnection } from '../../../src/engine/io/bulkConnection.ts';
import { PartialFile, type PartialFileOptions } from '../../../src/engine/io/partialFile.ts';
import { SourceFile, stampOf } from '../../../src/engine/io/sourceFile.ts';
import { dialBulk } from '../../../src/engine/io/tlsDial.ts';
import { TlsListener } from '../../../src/engine/io/tlsListener.ts';
import type { Destination } from '../../../src/engine/receiveSession.ts';
import type { Source } from '../../../src/engine/sendSession.ts';
import type { Contender, ReceivingEnd, SendingEnd, Setup, Words } from '../contender.ts';
import { Beside } from './beside.ts';

const NOTHING = Buffer.alloc(0);

export const hamtaTls: Contender = { receiver: memoryReceiver, sender: memorySender };
export const hamtaTlsFiles: Contender = { receiver: fileReceiver, sender: fileSender };

// ---- between memories

function memoryReceiver(setup: Setup): ReceivingEnd {
  const bytes = Buffer.alloc(setup.payload.length, 1);
  const door = new Door();
  const destination: Destination = { write: async (offset, block) => void bytes.set(block, offset) };
  return {
    offer: () => door.open(setup, destination, () => undefined),
    accept: async () => undefined,
    received: async () => bytes,
    close: () => door.close(),
  };
}

function memorySender(setup: Setup): SendingEnd {
  const { payload } = setup;
  let connection: BulkConnection | undefined;
  const source: Source = {
    read: async (offset, length) => payload.subarray(offset, offset + length),
    recycle: () => undefined,
    digest: async () => '',
    close: async () => undefined,
  };
  return {
    async connect(words) {
      connection = await dial(setup, words);
      return {};
    },
    isReady: async () => undefined,
    async send() {
      await pass(payload.length, source, connection as BulkConnection, () => undefined);
      return payload.length;
    },
    close: () => connection?.destroy(),
  };
}

// ---- between files

function fileReceiver(setup: Setup): ReceivingEnd {
  const door = new Door();
  const beside = new Beside();
  const options: PartialFileOptions = {
    ...{ folder: setup.folder, notesFolder: join(setup.folder, 'notes'), name: 'got.bin' },
    ...{ transferId: randomBytes(16).toString('hex'), sizeBytes: setup.payload.length },
  };
  let path = '';
  return {
    async offer() {
      const file = await PartialFile.open(options);
      const words = await door.open(setup, file, async () => {
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
      door.close();
      beside.close();
    },
  };
}

function fileSender(setup: Setup): SendingEnd {
  const { folder, payload, peerHost } = setup;
  const beside = new Beside();
  const path = join(folder, 'sent.bin');
  let connection: BulkConnection | undefined;
  return {
    async connect(words) {
      await writeFile(path, payload);
      connection = await dial(setup, words);
      await beside.dial(peerHost, Number(words.beside));
      return {};
    },
    isReady: async () => undefined,
    async send() {
      const place = { notesFolder: folder, transferId: randomBytes(16).toString('hex') };
      const notes = await BlockNotes.open(place, payload.length);
      const source = await SourceFile.open(path, await stampOf(path), notes);
      await pass(payload.length, source, connection as BulkConnection, (sha256) => beside.say(sha256));
      await beside.heard;
      await notes.close();
      await BlockNotes.remove(place);
      return payload.length;
    },
    close() {
      connection?.destroy();
      beside.close();
    },
  };
}

// ---- both

class Door {
  #listener: TlsListener | undefined;
  #session: BulkReceive | undefined;

  async open(setup: Setup, destination: Destination, onFinished: () => void): Promise<Words> {
    const take = (connection: BulkConnection) => {
      this.#session = receive(setup.payload.length, destination, connection, onFinished);
    };
    const credentials = await credentialsIn(setup.folder);
    this.#listener = await TlsListener.open(setup.host, 0, credentials, (channel) => channel.close(), take);
    return { port: this.#listener.port };
  }

  close(): void {
    this.#session?.dispose();
    this.#listener?.dispose();
  }
}

function receive(
  sizeBytes: number,
  destination: Destination,
  connection: BulkConnection,
  onFinished: () => void,
): BulkReceive {
  return new BulkReceive(
    { sizeBytes, firstBlock: 0 },
    destination,
    ({ onConnection }) => {
      onConnection(connection, NOTHING);
      return toDisposable(() => undefined);
    },
    {
      onFinished,
      onProgress: () => undefined,
      onClosed: () => undefined,
      onStalled: () => undefined,
      onLost: () => undefined,
      onFailed: (error) => console.error(error),
    },
  );
}

async function dial({ peerHost, folder }: Setup, { port }: Words): Promise<BulkConnection> {
  const me = await credentialsIn(folder);
  const to = { host: peerHost, port: Number(port) };
  return dialBulk(to, me.fingerprint, me, new AbortController().signal);
}

/** Resolves when the receiver has every block. */
function pass(
  sizeBytes: number,
  source: Source,
  connection: BulkConnection,
  onDigest: (sha256: string) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const meet = (take: (connection: BulkConnection, rest: Buffer) => void) => {
      take(connection, NOTHING);
      return toDisposable(() => undefined);
    };
    const session = new BulkSend({ sizeBytes, firstBlock: 0 }, source, meet, {
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

/** Both ends are the same person here. */
async function credentialsIn(folder: string) {
  return { ...(await loadIdentity(folder)), fingerprintOf: fingerprintOfCertificate };
}
