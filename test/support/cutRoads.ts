// Connections that are torn, without the engines having a hand in it.

import diagnostics from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

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
