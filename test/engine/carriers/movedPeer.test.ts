// Sessions over real sockets with a router between them that gives one side another port in the middle, as home routers do, or copies
// what it sees.

import assert from 'node:assert/strict';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { Destination, Source } from '../../../src/engine/carriers/carrier.ts';
import { ReceiveSession } from '../../../src/engine/carriers/receiveSession.ts';
import { SendSession } from '../../../src/engine/carriers/sendSession.ts';
import { type Address, TransferRoads } from '../../../src/engine/carriers/transferRoads.ts';
import { UdpSocket } from '../../../src/engine/io/udpSocket.ts';
import { sessionKeysOf } from '../../../src/engine/transfer/sessionKeys.ts';
import { copiesFromPort0 } from '../../support/port0.ts';
import { randomBytesOf } from '../../support/randomBytes.ts';
import { seededRandom } from '../../support/seededRandom.ts';

const HOST = '127.0.0.1';
const FILE = randomBytesOf(seededRandom(1), 12 * 1024 * 1024 + 5);
const KEYS = sessionKeysOf({
  secret: Buffer.alloc(32, 7),
  transferId: '00112233445566778899aabbccddeeff',
  session: '0123456789abcdef',
});

/** What is there when a third has arrived; `block` is the one that is being written. */
interface Middle {
  readonly near: Side;
  readonly far: Side;
  readonly block: Uint8Array;
}

/** One side of the router: what comes to it leaves by the other one. */
class Side {
  #socket: Socket | undefined;
  /** Who is out there. */
  peer: Address | undefined;
  other: Side | undefined;

  /** Takes another port; what was sent to the one before is lost from now on. */
  async take(): Promise<number> {
    this.#socket?.close();
    const socket = createSocket('udp4').bind(0, HOST);
    await once(socket, 'listening');
    socket.on('message', (bytes, { address, port }) => {
      this.peer = { host: address, port };
      this.other?.send(bytes);
    });
    this.#socket = socket;
    return socket.address().port;
  }

  send(bytes: Uint8Array): void {
    if (this.peer !== undefined) this.#socket?.send(bytes, this.peer.port, this.peer.host);
  }

  close(): void {
    this.#socket?.close();
  }
}

describe('a transfer through a router', function () {
  this.timeout(20_000);
  const open: (() => void)[] = [];
  /** Of both ends, not of the router. */
  const ports = new Set<number>();
  afterEach(() => {
    for (const close of open.splice(0)) close();
    ports.clear();
  });

  async function roads(): Promise<{ roads: TransferRoads; port: number }> {
    const made = new TransferRoads();
    const socket = await UdpSocket.open(HOST, 0, (bytes, host, port) => made.receive(bytes, host, port));
    made.use(socket);
    ports.add(socket.port);
    open.push(() => socket.dispose());
    return { roads: made, port: socket.port };
  }

  /** Resolves with what has arrived; `inTheMiddle` is called once some of it has. */
  async function transfer(inTheMiddle: (middle: Middle) => Promise<unknown>): Promise<Buffer> {
    const [from, to] = [await roads(), await roads()];
    const [near, far] = [new Side(), new Side()];
    near.other = far;
    far.other = near;
    far.peer = { host: HOST, port: to.port };
    await far.take();
    const port = await near.take();
    open.push(
      () => near.close(),
      () => far.close(),
    );
    const got = Buffer.alloc(FILE.length);
    let isMiddle = false;
    const destination: Destination = {
      async write(offset, bytes) {
        got.set(bytes, offset);
        if (isMiddle || offset < FILE.length / 3) return;
        isMiddle = true;
        await inTheMiddle({ near, far, block: bytes });
      },
    };
    const source: Source = {
      read: async (offset, length) => FILE.subarray(offset, offset + length),
      recycle: () => undefined,
      digest: async () => '',
      close: async () => undefined,
    };
    const options = { keys: KEYS, sizeBytes: FILE.length, firstBlock: 0 };
    return new Promise((resolve, reject) => {
      const receiving = new ReceiveSession(options, destination, to.roads, {
        onPart: () => undefined,
        onProgress: () => undefined,
        onFinished: () => resolve(got),
        onClosed: () => undefined,
        onStalled: () => reject(new Error('the receiver heard nothing any more')),
        onFailed: reject,
      });
      const sending = new SendSession(
        options,
        source,
        from.roads,
        { host: HOST, port },
        {
          onProgress: () => undefined,
          onDigest: () => undefined,
          onFinished: () => undefined,
          onStalled: () => reject(new Error('the sender heard nothing any more')),
          onFailed: reject,
        },
      );
      open.push(
        () => receiving.dispose(),
        () => sending.dispose(),
      );
    });
  }

  it('goes on when the receiver gets another port', async () => {
    assert.ok((await transfer(({ near }) => near.take())).equals(FILE));
  });

  it('goes on when the sender gets another port', async () => {
    assert.ok((await transfer(({ far }) => far.take())).equals(FILE));
  });

  it('goes on where a copy of each datagram comes first, from port 0, to which nobody can answer', async () => {
    using doubled = copiesFromPort0(ports);
    assert.ok((await transfer(async () => undefined)).equals(FILE));
    assert.ok(doubled.copies.length > FILE.length / 65_536);
  });

  it('leaves a block to its destination until it is written, and gives its memory back then', async () => {
    const lengths: number[] = [];
    let written: Uint8Array | undefined;
    await transfer(async ({ block }) => {
      written = block;
      for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
      lengths.push(block.length);
    });
    lengths.push(written?.length ?? -1);
    assert.deepEqual(lengths, [65_536, 0]);
  });
});
