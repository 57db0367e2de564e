// Raw Node TLS between two processes: what the same bytes cost without any protocol of ours.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';

export interface RawTls {
  /** From the first write to the other process's word that it holds every byte, in ms. */
  transfer(bytes: Buffer): Promise<number>;
  /** One round trip of 100 bytes, in ms. */
  roundTrip(): Promise<number>;
  close(): void;
}

export async function startRawTls(sizeBytes: number): Promise<RawTls> {
  const child = fork(new URL('./rawTlsServer.ts', import.meta.url));
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  const length = Buffer.alloc(9, 's');
  length.writeDoubleBE(sizeBytes, 1);
  const sink = await dial(port, length);
  const echo = await dial(port, Buffer.from('e'));
  const message = Buffer.alloc(100, 'm');
  return {
    transfer: (bytes) => timed(sink, bytes),
    roundTrip: () => timed(echo, message),
    close() {
      sink.destroy();
      echo.destroy();
      child.disconnect();
    },
  };
}

async function dial(port: number, first: Buffer): Promise<TLSSocket> {
  const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false, minVersion: 'TLSv1.3' });
  await once(socket, 'secureConnect');
  socket.setNoDelay(true);
  socket.write(first);
  await once(socket, 'data');
  return socket;
}

async function timed(socket: TLSSocket, bytes: Buffer): Promise<number> {
  const start = performance.now();
  const answered = once(socket, 'data');
  socket.write(bytes);
  await answered;
  return performance.now() - start;
}
