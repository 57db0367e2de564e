// What the system does not take at once waits in Node, and keeps the bytes it was given. Senders use their buffers again.

import type { Socket } from 'node:dgram';
import { burstOf } from '../transfer/datagramRing.ts';

/** For a datagram of so many bytes. Half of the buffers that its sender has in turn may wait: what is more is lost, as in any full queue. */
export function hasRoom(socket: Pick<Socket, 'getSendQueueCount'>, bytes: number): boolean {
  return socket.getSendQueueCount() < burstOf(bytes);
}
