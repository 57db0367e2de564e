// Addresses as text, as sockets give and take them.

import { isIPv4, isIPv6 } from 'node:net';

const MAPPED = '::ffff:';

/** `::ffff:1.2.3.4`, as a dual-stack socket shows an IPv4 peer, as plain `1.2.3.4`; anything else unchanged. */
export function plainHost(host: string): string {
  const inner = host.toLowerCase().startsWith(MAPPED) ? host.slice(MAPPED.length) : '';
  return isIPv4(inner) ? inner : host;
}

/** The spelling that an IPv6 socket needs to reach an IPv4 host. */
export function mappedHost(host: string): string {
  return isIPv4(host) ? MAPPED + host : host;
}

/** `1.2.3.4:80`, `[::1]:80`. */
export function hostAndPort(host: string, port: number): string {
  return isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Whether `host` is this machine talking to itself. */
export function isLoopback(host: string): boolean {
  return host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}
