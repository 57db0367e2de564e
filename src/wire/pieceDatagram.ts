// PIECE: one piece of a sealed block, sealed once more by itself (AES-128-GCM, nonce = 8 zero bytes and the number, header as additional
// data). For blocks that somebody on the path has spoiled: nobody but the sender can make one.
//
//    0        1                         9                 13
//   +--------+-------------------------+-----------------+-----------------~----------------+----------+--------+
//   | 0x4a   | token (8)               | number (u32 BE) | sealed: block, offset, payload   | tag (16) | CRC-32 |
//   +--------+-------------------------+-----------------+-----------------~----------------+----------+--------+

import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';
import type { DataDatagram, DatagramSpace, DataHeader } from './dataDatagram.ts';
import {
  BODY_OFFSET,
  CHECKSUM_BYTES,
  DatagramKind,
  isIntact,
  NUMBER_OFFSET,
  writeChecksum,
} from './datagramEnvelope.ts';
import { DecodeError } from './decodeError.ts';

const CIPHER = 'aes-128-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const PLACE_BYTES = 8;

/** What a PIECE is longer than its payload. */
export const PIECE_OVERHEAD_BYTES = BODY_OFFSET + PLACE_BYTES + TAG_BYTES + CHECKSUM_BYTES;

/** As `encodeData`, under a key that seals no number twice. */
export function encodePiece(space: DatagramSpace, header: DataHeader, sealed: Buffer, key: KeyObject): void {
  const { bytes, covered } = space;
  const length = bytes.length - PIECE_OVERHEAD_BYTES;
  bytes[0] = DatagramKind.sealedPiece;
  bytes.set(header.token, 1);
  bytes.writeUInt32BE(header.number, NUMBER_OFFSET);
  const body = Buffer.alloc(PLACE_BYTES + length);
  body.writeUInt32BE(header.block, 0);
  body.writeUInt32BE(header.offset, 4);
  sealed.copy(body, PLACE_BYTES, header.offset, header.offset + length);
  const cipher = createCipheriv(CIPHER, key, nonceOf(bytes)).setAAD(bytes.subarray(0, BODY_OFFSET));
  bytes.set(cipher.update(body), BODY_OFFSET);
  cipher.final();
  bytes.set(cipher.getAuthTag(), BODY_OFFSET + body.length);
  writeChecksum(bytes, covered);
}

/** Throws a DecodeError, also when it was not sealed with `key`. The payload is the taker's. */
export function decodePiece(bytes: Uint8Array, key: KeyObject): DataDatagram {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (buffer.length <= PIECE_OVERHEAD_BYTES) throw new DecodeError('piece', buffer.length, 'too short');
  if (buffer[0] !== DatagramKind.sealedPiece) throw new DecodeError('piece.kind', 0, 'not PIECE');
  if (!isIntact(buffer)) throw new DecodeError('piece.checksum', buffer.length - CHECKSUM_BYTES, 'differs');
  const body = openBody(buffer, key);
  return {
    number: buffer.readUInt32BE(NUMBER_OFFSET),
    block: body.readUInt32BE(0),
    offset: body.readUInt32BE(4),
    payload: body.subarray(PLACE_BYTES),
  };
}

function openBody(bytes: Buffer, key: KeyObject): Buffer {
  const tagAt = bytes.length - CHECKSUM_BYTES - TAG_BYTES;
  const decipher = createDecipheriv(CIPHER, key, nonceOf(bytes), { authTagLength: TAG_BYTES })
    .setAAD(bytes.subarray(0, BODY_OFFSET))
    .setAuthTag(bytes.subarray(tagAt, tagAt + TAG_BYTES));
  const body = decipher.update(bytes.subarray(BODY_OFFSET, tagAt));
  try {
    decipher.final();
  } catch {
    throw new DecodeError('piece.tag', tagAt, 'sealed by somebody else');
  }
  return body;
}

function nonceOf(bytes: Buffer): Buffer {
  const nonce = Buffer.alloc(NONCE_BYTES);
  bytes.copy(nonce, NONCE_BYTES - 4, NUMBER_OFFSET, NUMBER_OFFSET + 4);
  return nonce;
}
