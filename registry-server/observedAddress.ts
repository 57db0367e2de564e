// The address a request came from, as the contract spells addresses.

import { isIP } from 'node:net';

/** IPv4 out of its IPv6 mapping, IPv6 without its zone; undefined when the socket is already gone. */
export function observedAddressOf(remote: string | undefined): string | undefined {
  const address = (remote ?? '').replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  return isIP(address) === 0 ? undefined : address;
}
