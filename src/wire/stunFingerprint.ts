// FINGERPRINT (RFC 8489, section 14.7): the last attribute, a CRC-32 of all before it, XORed with "STUN" so that it is not the
// CRC-32 that the datagram's own protocol may have. The message's length already counts it.
//
//   +---------------+---------------+--------------------------------------+
//   | 0x8028        | 4             | CRC-32 ^ 0x5354554e (u32 BE)         |
//   +---------------+---------------+--------------------------------------+

import { crc32 } from 'node:zlib';
import { StunAttributeType } from './stunAttributeType.ts';
import { STUN_HEADER_BYTES } from './stunMessage.ts';

export const FINGERPRINT_BYTES = 8;
const MASK = 0x5354554e;

/** A copy of an encoded message with its fingerprint behind it. */
export function withFingerprint(message: Uint8Array): Buffer {
  const bytes = Buffer.alloc(message.length + FINGERPRINT_BYTES);
  bytes.set(message);
  bytes.writeUInt16BE(bytes.length - STUN_HEADER_BYTES, 2);
  bytes.writeUInt16BE(StunAttributeType.fingerprint, message.length);
  bytes.writeUInt16BE(4, message.length + 2);
  bytes.writeUInt32BE(fingerprintOf(bytes), message.length + 4);
  return bytes;
}

/** Looks at the last eight bytes only. `wrong`: the message came from or went through something that is no STUN. */
export function checkFingerprint(message: Uint8Array): 'absent' | 'right' | 'wrong' {
  const at = message.length - FINGERPRINT_BYTES;
  if (at < STUN_HEADER_BYTES) return 'absent';
  const bytes = Buffer.from(message.buffer, message.byteOffset, message.length);
  if (bytes.readUInt16BE(at) !== StunAttributeType.fingerprint || bytes.readUInt16BE(at + 2) !== 4)
    return 'absent';
  return bytes.readUInt32BE(at + 4) === fingerprintOf(bytes) ? 'right' : 'wrong';
}

function fingerprintOf(message: Uint8Array): number {
  return (crc32(message.subarray(0, message.length - FINGERPRINT_BYTES)) ^ MASK) >>> 0;
}
