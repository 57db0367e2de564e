// Roads that break: connections that are torn, and datagrams that get lost, without the engines having a hand in it.

import { Socket as UdpSocket } from 'node:dgram';
import diagnostics from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

/** Longer than whatever an engine sends by UDP beside a file. */
const LONG_BYTES = 1_300;

const accepted = new Set<Socket>();

// Node tells of each connection that a server of this process has accepted.
diagnostics.subscribe('net.server.socket', (message) => {
  const { socket } = message as { socket: Socket };
  accepted.add(socket);
  socket.once('close', () => accepted.delete(socket));
});

/** Tears every connection to the listener at `port`; how many there were. */
export function cutConnectionsTo(port: number): number {
  const cut = [...accepted].filter(({ localPort }) => localPort === port);
  for (const socket of cut) socket.resetAndDestroy();
  return cut.length;
}

/** Until disposed, one of `every` datagrams from this process is lost; all of them by default. */
export function loseDatagrams(every = 1): Disposable {
  let count = 0;
  return interceptDatagrams(() => ++count % every !== 0);
}

/** Until disposed, datagrams that carry much of a file get through until there were `count` of them, and then nothing does. */
export function loseDatagramsAfter(count: number): Disposable {
  let left = count;
  return interceptDatagrams((bytes) => {
    if (bytes.length > LONG_BYTES) left--;
    return left > 0;
  });
}

/** Until disposed, sees every datagram that leaves this process. */
export function tapDatagrams(see: (bytes: Uint8Array) => void): Disposable {
  return interceptDatagrams((bytes) => {
    see(bytes);
    return true;
  });
}

function interceptDatagrams(passes: (bytes: Uint8Array) => boolean): Disposable {
  const send = UdpSocket.prototype.send as (...args: unknown[]) => void;
  UdpSocket.prototype.send = function (this: UdpSocket, ...args: unknown[]) {
    if (passes(args[0] as Uint8Array)) send.apply(this, args);
  };
  return {
    [Symbol.dispose]: () => {
      UdpSocket.prototype.send = send as typeof UdpSocket.prototype.send;
    },
  };
}
