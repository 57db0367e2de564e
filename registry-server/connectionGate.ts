// How many connections one address may hold: whoever opens them and says nothing would else take the places of everybody.

import type { Server } from 'node:http';
import type { Server as SecureServer } from 'node:https';
import type { Socket } from 'node:net';
import { Counts } from './counts.ts';
import { isLoopback, limitedPart, type RateLimits } from './rateLimit.ts';

/** Twice what the signal sockets of one address are allowed, and as many requests beside them. */
export const MAX_CONNECTIONS_PER_ADDRESS = 1_024;

/** Call it last, before the server listens: what is one too many never reaches those who listen for connections now. */
export function limitConnections(
  server: Server | SecureServer,
  { requestsPerSecond, limitLoopback }: RateLimits,
): void {
  if (requestsPerSecond <= 0) return;
  const open = new Counts();
  const listeners = server.listeners('connection');
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    const { remoteAddress = '' } = socket;
    const part = limitedPart(remoteAddress);
    if (open.of(part) >= MAX_CONNECTIONS_PER_ADDRESS && (limitLoopback || !isLoopback(remoteAddress))) {
      socket.destroy();
      return;
    }
    open.add(part, 1);
    socket.once('close', () => open.add(part, -1));
    for (const listener of listeners) listener.call(server, socket);
  });
}
