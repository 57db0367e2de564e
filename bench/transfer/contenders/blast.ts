// The ceiling: every datagram once, as fast as Node hands them to the system. No recovery and no promise; what counts is
// how much arrives, and how fast.

import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { Contender, ReceivingEnd, SendingEnd, Setup } from '../contender.ts';

const PER_TURN = 64;
/** The sender asks this often whether it is over. */
const ASK_MS = 5;
const BUFFER_BYTES = 4 * 1024 * 1024;

export function blastOf(datagramBytes: number): Contender {
  return {
    receiver,
    sender: (setup) => sender(setup, datagramBytes),
  };
}

function receiver({ host }: Setup): ReceivingEnd {
  const socket = createSocket('udp4');
  let bytes = 0;
  socket.on('message', (datagram, from) => {
    if (datagram.length === 1) {
      const word = Buffer.alloc(8);
      word.writeDoubleBE(bytes);
      socket.send(word, from.port, from.address);
    } else bytes += datagram.length;
  });
  return {
    async offer() {
      await bound(socket, host);
      return { port: socket.address().port };
    },
    accept: async () => undefined,
    received: async () => undefined,
    close: () => socket.close(),
  };
}

function sender({ host, peerHost, payload }: Setup, datagramBytes: number): SendingEnd {
  const socket = createSocket('udp4');
  return {
    async connect({ port }) {
      await bound(socket, host);
      socket.connect(Number(port), peerHost);
      await once(socket, 'connect');
      return {};
    },
    isReady: async () => undefined,
    async send() {
      await blast(socket, payload, datagramBytes);
      const asking = setInterval(() => socket.send(Buffer.alloc(1)), ASK_MS);
      const [word] = (await once(socket, 'message')) as [Buffer];
      clearInterval(asking);
      return word.readDoubleBE(0);
    },
    close: () => socket.close(),
  };
}

function blast(socket: Socket, payload: Buffer, datagramBytes: number): Promise<void> {
  let at = 0;
  return new Promise((resolve) => {
    const turn = () => {
      for (let i = 0; i < PER_TURN && at < payload.length && socket.getSendQueueCount() < PER_TURN; i++) {
        socket.send(payload.subarray(at, at + datagramBytes));
        at += datagramBytes;
      }
      if (at < payload.length) setImmediate(turn);
      else resolve();
    };
    turn();
  });
}

async function bound(socket: Socket, host: string): Promise<void> {
  socket.bind(0, host);
  await once(socket, 'listening');
  socket.setRecvBufferSize(BUFFER_BYTES);
  socket.setSendBufferSize(BUFFER_BYTES);
  socket.on('error', () => undefined);
}
