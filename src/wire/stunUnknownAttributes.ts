// The value of UNKNOWN-ATTRIBUTES (RFC 8489, section 14.9): attribute types, two bytes each.

import { DecodeError } from './decodeError.ts';

export function encodeUnknownAttributes(types: readonly number[]): Buffer {
  const value = Buffer.alloc(2 * types.length);
  types.forEach((type, i) => {
    value.writeUInt16BE(type, 2 * i);
  });
  return value;
}

/** Throws a DecodeError. The message's own size bounds how many there are. */
export function decodeUnknownAttributes(value: Uint8Array): number[] {
  if (value.length % 2 !== 0) throw new DecodeError('stun.unknownAttributes', value.length, 'half a type');
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.length);
  return Array.from({ length: value.length / 2 }, (_, i) => bytes.readUInt16BE(2 * i));
}
