// What every datagram of a transfer has in common: kind and token in front, a checksum behind.
//
//    0        1                         9                 13
//   +--------+-------------------------+-----------------+-----~-----+--------------+
//   | kind   | token (8)               | number (u32 BE) | body      | CRC-32 (LE)  |
//   +--------+-------------------------+-----------------+-----~-----+--------------+
//
// The two top bits of `kind` are 01: a STUN message (RFC 8489 section 5) on the same socket starts with 00.
// `number` is used once per session, kind and direction. The CRC-32 (IEEE 802.3) is over all bytes before it; it stands little-endian so that
// the CRC-32 of the whole datagram is a constant and the receiver checks it in one pass without cutting the datagram.

import { crc32 } from 'node:zlib';

/** First bytes. Never reuse one. */
export const DatagramKind = {
  /** A piece of a sealed block. */
  data: 0x48,
  /** A sealed acknowledgement. */
  ack: 0x49,
  /** A piece of a sealed block, sealed once more by itself. */
  sealedPiece: 0x4a,
  /** A probe of the path's largest datagram. */
  probe: 0x4b,
} as const;

export const TOKEN_BYTES = 8;
/** The highest `number`. Whoever has used it ends the session: it may go on in another one. */
export const MAX_NUMBER = 0xffffffff;
export const NUMBER_OFFSET = 1 + TOKEN_BYTES;
export const BODY_OFFSET = NUMBER_OFFSET + 4;
export const CHECKSUM_BYTES = 4;

/** The CRC-32 of anything that is followed by its own CRC-32, little-endian. */
const WHOLE_CRC = 0x2144df1c;

/**
 * A number to find the session of a datagram by, made of 30 bits of its token; undefined when it is too short or no
 * datagram of a transfer. Allocates nothing: larger numbers would be objects. Whoever finds one compares the whole token.
 */
export function routeOf(bytes: Uint8Array): number | undefined {
  if (bytes.length < BODY_OFFSET + CHECKSUM_BYTES) return undefined;
  const kind = bytes[0] as number;
  return kind >= DatagramKind.data && kind <= DatagramKind.probe ? routeAt(bytes, 1) : undefined;
}

/** The same number for a session's token. */
export function routeOfToken(token: Uint8Array): number {
  return routeAt(token, 0);
}

/** Whether kind and token are these, looked at before anything else of a datagram. Allocates nothing. */
export function isAddressedTo(bytes: Uint8Array, kind: number, token: Uint8Array): boolean {
  return bytes[0] === kind && hasToken(bytes, token);
}

/** Whether its token is this, whatever its kind. Allocates nothing. */
export function hasToken(bytes: Uint8Array, token: Uint8Array): boolean {
  if (bytes.length < BODY_OFFSET + CHECKSUM_BYTES) return false;
  let difference = 0;
  for (let i = 0; i < TOKEN_BYTES; i++) difference |= (bytes[1 + i] as number) ^ (token[i] as number);
  return difference === 0;
}

/** One by one: `set` costs thirty times as much for eight bytes. */
export function writeToken(bytes: Buffer, token: Uint8Array): void {
  for (let i = 0; i < TOKEN_BYTES; i++) bytes[1 + i] = token[i] as number;
}

export function isIntact(bytes: Uint8Array): boolean {
  return crc32(bytes) === WHOLE_CRC;
}

/** Writes the checksum into the last four bytes of `bytes`; `covered` is a view of all bytes before them. */
export function writeChecksum(bytes: Buffer, covered: Uint8Array): void {
  bytes.writeUInt32LE(crc32(covered), covered.length);
}

function routeAt(bytes: Uint8Array, at: number): number {
  const high = ((bytes[at] as number) & 0x3f) << 24;
  return (
    high | ((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number)
  );
}
