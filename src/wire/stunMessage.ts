// A STUN message (RFC 8489, sections 5 and 14): the header, and attributes as they stand, not yet understood.
//
//    0               2                 4                       8                                 20
//   +---------------+-----------------+-----------------------+---------------------------------+------------
//   | 00 | type (14)| length (u16 BE) | cookie 0x2112a442     | transaction id (12 bytes)       | attributes
//   +---------------+-----------------+-----------------------+---------------------------------+------------
//
//   type, bits 13 to 0: M11-M7 C1 M6-M4 C0 M3-M0, method M and class C
//   attribute: type u16, length u16, value, up to three bytes of padding; `length` above counts it, the attribute's does not
//
// A client of RFC 3489 has 16 random bytes where the cookie and the transaction id are: its cookie is then another number.

import { DecodeError } from './decodeError.ts';

export const STUN_COOKIE = 0x2112a442;
export const STUN_BINDING = 0x001;
export const STUN_HEADER_BYTES = 20;
export const STUN_ID_BYTES = 12;
/** Larger ones would be fragmented on the way, and nobody who means well sends them (section 6.1). */
export const MAX_STUN_BYTES = 1_500;

/** By class number. */
const KINDS = ['request', 'indication', 'success', 'error'] as const;
export type StunKind = (typeof KINDS)[number];

export interface StunHeader {
  /** 12 bits. */
  readonly method: number;
  readonly kind: StunKind;
  /** STUN_COOKIE, or the first of the random bytes of an RFC 3489 client. */
  readonly cookie: number;
  readonly transactionId: Uint8Array;
}

export interface StunAttribute {
  /** One of StunAttributeType, or anything else. */
  readonly type: number;
  /** Without padding. */
  readonly value: Uint8Array;
}

export interface StunMessage extends StunHeader {
  /** In order. Of several with one type only the first counts (section 14). */
  readonly attributes: readonly StunAttribute[];
}

/** Whether a datagram on a shared socket is for STUN: two zero bits and the cookie (section 5). Allocates nothing. */
export function isStunDatagram(bytes: Uint8Array): boolean {
  if (bytes.length < STUN_HEADER_BYTES || (bytes[0] as number) > 0x3f) return false;
  return bytes[4] === 0x21 && bytes[5] === 0x12 && bytes[6] === 0xa4 && bytes[7] === 0x42;
}

export function encodeStunMessage({ attributes, ...header }: StunMessage): Buffer {
  const body = attributes.map(encodeAttribute);
  const head = Buffer.alloc(STUN_HEADER_BYTES);
  head.writeUInt16BE(typeOf(header), 0);
  head.writeUInt16BE(
    body.reduce((sum, { length }) => sum + length, 0),
    2,
  );
  head.writeUInt32BE(header.cookie, 4);
  head.set(header.transactionId, 8);
  return Buffer.concat([head, ...body]);
}

/** Throws a DecodeError for what is no STUN message of any kind, and looks at no attribute. */
export function decodeStunHeader(bytes: Uint8Array): StunHeader {
  if (bytes.length < STUN_HEADER_BYTES) throw new DecodeError('stun', bytes.length, 'too short');
  if (bytes.length > MAX_STUN_BYTES) throw new DecodeError('stun', MAX_STUN_BYTES, 'too long');
  const buffer = viewOf(bytes);
  const type = buffer.readUInt16BE(0);
  if (type > 0x3fff) throw new DecodeError('stun.type', 0, 'the first two bits are not zero');
  const length = buffer.readUInt16BE(2);
  if (length % 4 !== 0) throw new DecodeError('stun.length', 2, 'not a multiple of four');
  if (length !== bytes.length - STUN_HEADER_BYTES) {
    throw new DecodeError('stun.length', 2, 'not the size of the datagram');
  }
  return {
    method: methodOf(type),
    kind: KINDS[((type >> 7) & 2) | ((type >> 4) & 1)] as StunKind,
    cookie: buffer.readUInt32BE(4),
    transactionId: Uint8Array.from(buffer.subarray(8, STUN_HEADER_BYTES)),
  };
}

/** Throws a DecodeError, also when only an attribute is wrong. Every attribute takes four bytes, which bounds their number. */
export function decodeStunMessage(bytes: Uint8Array): StunMessage {
  return { ...decodeStunHeader(bytes), attributes: decodeAttributes(viewOf(bytes)) };
}

/** The value of the first attribute of this type. */
export function stunValue(message: StunMessage, type: number): Uint8Array | undefined {
  return message.attributes.find((attribute) => attribute.type === type)?.value;
}

function encodeAttribute({ type, value }: StunAttribute): Buffer {
  const bytes = Buffer.alloc(4 + paddedLength(value.length));
  bytes.writeUInt16BE(type, 0);
  bytes.writeUInt16BE(value.length, 2);
  bytes.set(value, 4);
  return bytes;
}

function decodeAttributes(bytes: Buffer): StunAttribute[] {
  const attributes: StunAttribute[] = [];
  for (let at = STUN_HEADER_BYTES; at < bytes.length; ) {
    const valueAt = at + 4;
    const length = bytes.readUInt16BE(at + 2);
    if (length > bytes.length - valueAt)
      throw new DecodeError('stun.attribute', at, 'longer than the message');
    attributes.push({
      type: bytes.readUInt16BE(at),
      value: Uint8Array.from(bytes.subarray(valueAt, valueAt + length)),
    });
    at = valueAt + paddedLength(length);
  }
  return attributes;
}

function typeOf({ method, kind }: Pick<StunHeader, 'method' | 'kind'>): number {
  const number = KINDS.indexOf(kind);
  const bits = ((method & 0xf80) << 2) | ((method & 0x070) << 1) | (method & 0x00f);
  return bits | ((number & 2) << 7) | ((number & 1) << 4);
}

function methodOf(type: number): number {
  return ((type >> 2) & 0xf80) | ((type >> 1) & 0x070) | (type & 0x00f);
}

function paddedLength(length: number): number {
  return (length + 3) & ~3;
}

function viewOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
