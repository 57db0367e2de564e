// What is known of a path without asking it.

import { isLoopback } from './hosts.ts';

/** Ethernet's 1500 bytes less IPv4 and UDP headers, with room for IPv6: never relies on IP fragmentation. */
const ETHERNET_DATAGRAM_BYTES = 1452;
/** Loopback's MTU is 64 KiB on Linux; macOS caps a datagram at 9216 bytes whatever the interface. */
const LOOPBACK_DATAGRAM_BYTES = process.platform === 'darwin' ? 8192 : 32 * 1024;

/** The longest datagram to send to `host`, in bytes of UDP payload. */
export function largestDatagramTo(host: string): number {
  return isLoopback(host) ? LOOPBACK_DATAGRAM_BYTES : ETHERNET_DATAGRAM_BYTES;
}
