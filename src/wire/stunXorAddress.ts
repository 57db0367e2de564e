// The value of XOR-MAPPED-ADDRESS (RFC 8489, section 14.2): a MAPPED-ADDRESS whose port and address are XORed with the cookie
// and the transaction id, so that no router "repairs" the address inside the datagram.

import { decodeStunAddress, encodeStunAddress, type StunAddress } from './stunAddress.ts';
import { STUN_ID_BYTES, type StunHeader } from './stunMessage.ts';

type Whose = Pick<StunHeader, 'cookie' | 'transactionId'>;

export function encodeXorAddress(address: StunAddress, whose: Whose): Buffer {
  return xored(encodeStunAddress(address), whose);
}

/** Throws a DecodeError. */
export function decodeXorAddress(value: Uint8Array, whose: Whose): StunAddress {
  return decodeStunAddress(xored(value, whose));
}

/** The same there and back. The port meets the cookie's first half; the address, which starts two bytes later, all of it. */
function xored(value: Uint8Array, { cookie, transactionId }: Whose): Buffer {
  const mask = Buffer.alloc(4 + STUN_ID_BYTES);
  mask.writeUInt32BE(cookie);
  mask.set(transactionId, 4);
  return Buffer.from(value.map((byte, i) => byte ^ (i < 2 ? 0 : (mask[i < 4 ? i - 2 : i - 4] ?? 0))));
}
