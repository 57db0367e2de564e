// The value of MAPPED-ADDRESS and its like (RFC 8489, section 14.1; RFC 5780, section 7.3).
//
//    0       1        2               4
//   +-------+--------+---------------+----------------------------+
//   | 0     | family | port (u16 BE) | address (4 or 16 bytes)    |     family 1: IPv4, 2: IPv6
//   +-------+--------+---------------+----------------------------+

import { DecodeError } from './decodeError.ts';
import { hostBytes, hostText } from './stunHost.ts';

export interface StunAddress {
  /** Without zone; never an IPv4 address mapped into IPv6, where a client asked over IPv4. */
  readonly host: string;
  readonly port: number;
}

const FAMILY_BYTES: Readonly<Record<number, number>> = { 1: 4, 2: 16 };

/** Throws a RangeError when `host` is no IP address: whoever calls has it from a socket. */
export function encodeStunAddress({ host, port }: StunAddress): Buffer {
  const address = hostBytes(host);
  if (address === undefined) throw new RangeError(`"${host}" is no IP address`);
  const value = Buffer.alloc(4 + address.length);
  value[1] = address.length === 4 ? 1 : 2;
  value.writeUInt16BE(port, 2);
  value.set(address, 4);
  return value;
}

/** Throws a DecodeError. The first byte is ignored, as the RFC wants it. */
export function decodeStunAddress(value: Uint8Array): StunAddress {
  const length = FAMILY_BYTES[value[1] ?? 0];
  if (length === undefined) throw new DecodeError('stun.address.family', 1, 'neither IPv4 nor IPv6');
  if (value.length !== 4 + length) throw new DecodeError('stun.address', value.length, 'not of its family');
  return {
    host: hostText(value.subarray(4)),
    port: ((value[2] as number) << 8) | (value[3] as number),
  };
}
