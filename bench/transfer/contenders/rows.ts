// The protocol that course reports describe: one datagram for each row of a picture with a one-byte sum, FIN, a list of the
// rows that are missing, COMPLETE. No rate, no keys; larger than a frame, so the system cuts each datagram into fragments.
//
//   ROW      'r' | row u32 | 5760 bytes | sum u8        FIN      'f'
//   MISSING  'm' | row u32 ...                          COMPLETE 'c'

import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { cleared } from '../collector.ts';
import type { Contender, ReceivingEnd, SendingEnd, Setup } from '../contender.ts';

/** 1920 pixels of RGB. */
const ROW_BYTES = 5760;
const HEADER_BYTES = 5;
const PER_TURN = 64;
const FIN_AGAIN_MS = 50;
const MISSING_PER_WORD = 350;
const [ROW, FIN, MISSING, COMPLETE] = ['r', 'f', 'm', 'c'].map((letter) => letter.charCodeAt(0)) as [
  number,
  number,
  number,
  number,
];

export const rows: Contender = { receiver, sender };

function receiver({ host, payload }: Setup): ReceivingEnd {
  const socket = createSocket('udp4');
  const bytes = cleared(payload.length);
  const missing = new Set(Array.from({ length: rowCount(payload) }, (_, row) => row));
  const take = (datagram: Buffer) => {
    const row = datagram.readUInt32BE(1);
    const pixels = datagram.subarray(HEADER_BYTES, -1);
    if (sumOf(pixels) !== datagram.at(-1)) return;
    pixels.copy(bytes, row * ROW_BYTES);
    missing.delete(row);
  };
  socket.on('message', (datagram, from) => {
    if (datagram[0] === ROW) take(datagram);
    else
      socket.send(missing.size === 0 ? Buffer.of(COMPLETE) : missingWord(missing), from.port, from.address);
  });
  return {
    async offer() {
      await bound(socket, host);
      return { port: socket.address().port };
    },
    accept: async () => undefined,
    received: async () => bytes,
    close: () => socket.close(),
  };
}

function sender({ host, peerHost, payload }: Setup): SendingEnd {
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
      let wanted = Array.from({ length: rowCount(payload) }, (_, row) => row);
      while (wanted.length > 0) {
        await sendRows(socket, payload, wanted);
        wanted = await askForMissing(socket);
      }
      return payload.length;
    },
    close: () => socket.close(),
  };
}

async function sendRows(socket: Socket, payload: Buffer, wanted: readonly number[]): Promise<void> {
  for (const [i, row] of wanted.entries()) {
    socket.send(rowDatagram(payload, row));
    if (i % PER_TURN === PER_TURN - 1) await new Promise(setImmediate);
  }
}

function rowDatagram(payload: Buffer, row: number): Buffer {
  const pixels = payload.subarray(row * ROW_BYTES, (row + 1) * ROW_BYTES);
  const datagram = Buffer.alloc(HEADER_BYTES + pixels.length + 1);
  datagram[0] = ROW;
  datagram.writeUInt32BE(row, 1);
  pixels.copy(datagram, HEADER_BYTES);
  datagram[datagram.length - 1] = sumOf(pixels);
  return datagram;
}

async function askForMissing(socket: Socket): Promise<number[]> {
  const asking = setInterval(() => socket.send(Buffer.of(FIN)), FIN_AGAIN_MS);
  socket.send(Buffer.of(FIN));
  const [word] = (await once(socket, 'message')) as [Buffer];
  clearInterval(asking);
  return Array.from({ length: (word.length - 1) / 4 }, (_, i) => word.readUInt32BE(1 + 4 * i));
}

function missingWord(missing: ReadonlySet<number>): Buffer {
  const some = [...missing].slice(0, MISSING_PER_WORD);
  const word = Buffer.alloc(1 + 4 * some.length);
  word[0] = MISSING;
  for (const [i, row] of some.entries()) word.writeUInt32BE(row, 1 + 4 * i);
  return word;
}

function rowCount(payload: Buffer): number {
  return Math.ceil(payload.length / ROW_BYTES);
}

function sumOf(bytes: Uint8Array): number {
  let sum = 0;
  for (const byte of bytes) sum = (sum + byte) & 0xff;
  return sum;
}

async function bound(socket: Socket, host: string): Promise<void> {
  socket.bind(0, host);
  await once(socket, 'listening');
  socket.on('error', () => undefined);
}
