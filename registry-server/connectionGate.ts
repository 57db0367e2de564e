// How many connections one address may hold: whoever opens them and says nothing would else take the places of everybody.

import type { Server } from 'node:http';
import type { Server as SecureServer } from 'node:https';
import type { Socket } from 'node:net';
import { isLoopback, limitedPart, type RateLimits } from './rateLimit.ts';

/** Twice what the signal sockets of one address are allowed, and as many requests beside them. */
export const MAX_CONNECTIONS_PER_ADDRESS = 1_024;

/** Call it last, before the server listens: what is one too many never reaches those who listen for connections now. */
export function limitConnections(
  server: Server | SecureServer,
  { requestsPerSecond, limitLoopback }: RateLimits,
  most = MAX_CONNECTIONS_PER_ADDRESS,
): void {
  if (requestsPerSecond <= 0) return;
  const open = new Map<string, number>();
  const listeners = server.listeners('connection');
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    const { remoteAddress = '' } = socket;
    const part = limitedPart(remoteAddress);
    const count = open.get(part) ?? 0;
    if (count >= most && (limitLoopback || !isLoopback(remoteAddress))) {
      socket.destroy();
      return;
    }
    open.set(part, count + 1);
    socket.once('close', () => leave(open, part));
    for (const listener of listeners) listener.call(server, socket);
  });
}

function leave(open: Map<string, number>, part: string): void {
  const left = (open.get(part) ?? 0) - 1;
  if (left > 0) open.set(part, left);
  else open.delete(part);
}
