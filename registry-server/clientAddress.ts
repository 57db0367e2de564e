// Whom a request is from: the connection, or what a known number of proxies say of theirs. Nothing beyond those is believed.

import type { IncomingMessage } from 'node:http';
import { isIP, type Socket } from 'node:net';

/** As much of a request as tells where it is from; Node's own has it. */
export interface Sent extends Pick<IncomingMessage, 'headers'> {
  readonly socket: Pick<Socket, 'remoteAddress'>;
}

/** Undefined when the socket is already gone, or a proxy named what is no address. */
export type AddressOf = (request: Sent) => string | undefined;

/**
 * `hops` proxies stand between the callers and this process, and each adds the address it sees to the end of
 * X-Forwarded-For: so the caller is the `hops`th entry from the end, whatever somebody wrote before it. With fewer entries
 * than proxies it is the first one.
 */
export function addressBehind(hops: number): AddressOf {
  return hops === 0 ? connectionOf : (request) => forwarded(request, hops);
}

/** Whether a proxy handed the request on, trusted or not, as far as it says so. */
export function isForwarded({ headers }: Pick<Sent, 'headers'>): boolean {
  return headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined;
}

function connectionOf({ socket }: Sent): string | undefined {
  return socket.remoteAddress;
}

function forwarded(request: Sent, hops: number): string | undefined {
  const header = request.headers['x-forwarded-for'];
  if (header === undefined) return connectionOf(request);
  const entries = String(header).split(',');
  return plainAddress((entries[entries.length - hops] ?? entries[0] ?? '').trim());
}

/** Some proxies add the port. */
function plainAddress(entry: string): string | undefined {
  const [, bracketed, v4] = /^(?:\[([^\]]+)\](?::\d+)?|(\d+\.\d+\.\d+\.\d+):\d+)$/.exec(entry) ?? [];
  const address = bracketed ?? v4 ?? entry;
  return isIP(address) === 0 ? undefined : address;
}
