// udx-native: reliable streams over UDP in C, neither encrypted nor checksummed beyond UDP's own sum. A development package,
// loaded where it is there.

import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { Collector } from '../collector.ts';
import type { Contender, ReceivingEnd, SendingEnd, Setup } from '../contender.ts';

interface UdxSocket {
  bind(port: number, host: string): void;
  address(): { port: number };
  close(): Promise<void>;
}

interface UdxStream extends Duplex {
  connect(socket: UdxSocket, id: number, port: number, host: string): void;
}

interface Udx {
  createSocket(): UdxSocket;
  createStream(id: number): UdxStream;
}

const RECEIVER = 1;
const SENDER = 2;

/** Rejects where the package is not there. */
export async function loadUdx(): Promise<Contender> {
  const name = 'udx-native';
  const { default: Udx } = (await import(name)) as { default: new () => Udx };
  return { receiver: (setup) => receiver(new Udx(), setup), sender: (setup) => sender(new Udx(), setup) };
}

function receiver(udx: Udx, { host, peerHost, payload }: Setup): ReceivingEnd {
  const collector = new Collector(payload.length);
  const socket = udx.createSocket();
  const stream = udx.createStream(RECEIVER);
  return {
    async offer() {
      socket.bind(0, host);
      return { port: socket.address().port };
    },
    async accept({ port }) {
      stream.on('error', () => undefined);
      stream.on('data', (bytes: Buffer) => {
        if (collector.add(bytes)) stream.write(Buffer.from('d'));
      });
      stream.connect(socket, SENDER, Number(port), peerHost);
    },
    received: async () => collector.bytes,
    close: () => end(socket, stream),
  };
}

function sender(udx: Udx, { host, peerHost, payload }: Setup): SendingEnd {
  const socket = udx.createSocket();
  const stream = udx.createStream(SENDER);
  return {
    async connect({ port }) {
      socket.bind(0, host);
      stream.on('error', () => undefined);
      stream.connect(socket, RECEIVER, Number(port), peerHost);
      return { port: socket.address().port };
    },
    isReady: async () => undefined,
    async send() {
      stream.write(payload);
      await once(stream, 'data');
      return payload.length;
    },
    close: () => end(socket, stream),
  };
}

function end(socket: UdxSocket, stream: UdxStream): void {
  stream.destroy();
  stream.once('close', () => void socket.close());
}
