// What datagrams that are sealed one by one have in common: AES-128-GCM, nonce = 8 zero bytes and the number, header as additional data.
//
//    0        1                         9                 13
//   +--------+-------------------------+-----------------+-----~-------+----------+--------+
//   | kind   | token (8)               | number (u32 BE) | sealed body | tag (16) | CRC-32 |
//   +--------+-------------------------+-----------------+-----~-------+----------+--------+

import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';
import type { DatagramSpace } from './dataDatagram.ts';
import {
  BODY_OFFSET,
  CHECKSUM_BYTES,
  isIntact,
  NUMBER_OFFSET,
  writeChecksum,
  writeToken,
} from './datagramEnvelope.ts';
import { DecodeError } from './decodeError.ts';

const CIPHER = 'aes-128-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** What such a datagram is longer than its body. */
export const SEALED_OVERHEAD_BYTES = BODY_OFFSET + TAG_BYTES + CHECKSUM_BYTES;

export interface DatagramSeal {
  readonly key: KeyObject;
  readonly token: Uint8Array;
  /** Never used twice under one key. */
  readonly number: number;
}

/** Fills `space`, which must be SEALED_OVERHEAD_BYTES longer than the body. */
export function sealDatagram(
  { bytes, covered }: DatagramSpace,
  kind: number,
  { key, token, number }: DatagramSeal,
  body: Uint8Array,
): void {
  bytes[0] = kind;
  writeToken(bytes, token);
  bytes.writeUInt32BE(number, NUMBER_OFFSET);
  const cipher = createCipheriv(CIPHER, key, nonceOf(bytes)).setAAD(bytes.subarray(0, BODY_OFFSET));
  bytes.set(cipher.update(body), BODY_OFFSET);
  cipher.final();
  bytes.set(cipher.getAuthTag(), BODY_OFFSET + body.length);
  writeChecksum(bytes, covered);
}

export interface OpenedDatagram {
  readonly number: number;
  /** The taker's for good. */
  readonly body: Buffer;
}

/** Throws a DecodeError that names a place in `name`, also when it was not sealed with `key`, or has less than `leastBytes` of body. */
export function openDatagram(
  bytes: Uint8Array,
  kind: number,
  key: KeyObject,
  name: string,
  leastBytes: number,
): OpenedDatagram {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (buffer.length < SEALED_OVERHEAD_BYTES + leastBytes)
    throw new DecodeError(name, buffer.length, 'too short');
  if (buffer[0] !== kind) throw new DecodeError(`${name}.kind`, 0, 'another');
  if (!isIntact(buffer)) throw new DecodeError(`${name}.checksum`, buffer.length - CHECKSUM_BYTES, 'differs');
  return { number: buffer.readUInt32BE(NUMBER_OFFSET), body: openBody(buffer, key, name) };
}

function openBody(bytes: Buffer, key: KeyObject, name: string): Buffer {
  const tagAt = bytes.length - CHECKSUM_BYTES - TAG_BYTES;
  const decipher = createDecipheriv(CIPHER, key, nonceOf(bytes), { authTagLength: TAG_BYTES })
    .setAAD(bytes.subarray(0, BODY_OFFSET))
    .setAuthTag(bytes.subarray(tagAt, tagAt + TAG_BYTES));
  const body = decipher.update(bytes.subarray(BODY_OFFSET, tagAt));
  try {
    decipher.final();
  } catch {
    throw new DecodeError(`${name}.tag`, tagAt, 'sealed by somebody else');
  }
  return body;
}

function nonceOf(bytes: Buffer): Buffer {
  const nonce = Buffer.alloc(NONCE_BYTES);
  bytes.copy(nonce, NONCE_BYTES - 4, NUMBER_OFFSET, NUMBER_OFFSET + 4);
  return nonce;
}
