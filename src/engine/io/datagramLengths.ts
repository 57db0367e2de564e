// How long datagrams may be, as far as that is known without asking the path.

import { LARGE_DATAGRAM_BYTES } from '../transfer/params.ts';
import { isLoopback } from './hosts.ts';
import { type LinkMtu, linkMtuTo } from './linkMtu.ts';

/** Ethernet's 1500 bytes less IP and UDP headers, IPv6's for both: never relies on IP fragmentation. */
const ETHERNET_DATAGRAM_BYTES = 1452;
const HEADER_BYTES = 48;
const ETHERNET_MTU = 1500;
/** Interfaces with less than this are no jumbo Ethernet, but networks of software that cut frames themselves. */
const JUMBO_MTU = 4000;
/** What every path carries (RFC 8200: 1280 with all headers), whatever an interface says. */
const LEAST_DATAGRAM_BYTES = 1200;
/** Half a block each; larger ones gain nothing. macOS caps a datagram at 9216 bytes whatever the interface. */
const MOST_DATAGRAM_BYTES = process.platform === 'darwin' ? 8192 : LARGE_DATAGRAM_BYTES;

export interface DatagramLengths {
  /** The longest to be tried, in bytes of UDP payload. */
  readonly datagramBytes: number;
  /** What surely arrives, or is usual enough to begin with. */
  readonly firstDatagramBytes: number;
}

/**
 * How long datagrams to `remoteHost` may be. Longer than Ethernet's on loopback, and where the interface of `localHost` takes
 * them and the host is its neighbour: they are tried there. Shorter where the interface takes less, or the system would fragment.
 */
export function datagramLengthsTo(
  remoteHost: string,
  localHost: string,
  linkTo: (remote: string, local: string) => LinkMtu | undefined = linkMtuTo,
): DatagramLengths {
  if (isLoopback(remoteHost)) return sameLength(MOST_DATAGRAM_BYTES);
  const link = linkTo(remoteHost, localHost);
  const carried = (link?.mtu ?? ETHERNET_MTU) - HEADER_BYTES;
  if (carried < ETHERNET_DATAGRAM_BYTES) return sameLength(Math.max(LEAST_DATAGRAM_BYTES, carried));
  if (!link?.isDirect || link.mtu < JUMBO_MTU) return sameLength(ETHERNET_DATAGRAM_BYTES);
  return {
    datagramBytes: Math.min(MOST_DATAGRAM_BYTES, carried),
    firstDatagramBytes: ETHERNET_DATAGRAM_BYTES,
  };
}

function sameLength(bytes: number): DatagramLengths {
  return { datagramBytes: bytes, firstDatagramBytes: bytes };
}
