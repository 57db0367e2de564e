// What the system does not take at once waits in Node, and keeps the bytes it was given. Senders use their buffers again.

import type { Socket } from 'node:dgram';

/** Half of the buffers that a sender has in turn: what is more is lost, as in any full queue. */
const MOST_WAITING = 64;

export function hasRoom(socket: Socket): boolean {
  return socket.getSendQueueCount() < MOST_WAITING;
}
