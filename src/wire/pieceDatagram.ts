// PIECE: one piece of a sealed block, sealed once more by itself (sealedDatagram.ts). For blocks that somebody on the path has spoiled:
// nobody but the sender can make one.
//
//    0        1                         9                 13
//   +--------+-------------------------+-----------------+-----------------~----------------+----------+--------+
//   | 0x4a   | token (8)               | number (u32 BE) | sealed: block, offset, payload   | tag (16) | CRC-32 |
//   +--------+-------------------------+-----------------+-----------------~----------------+----------+--------+

import type { KeyObject } from 'node:crypto';
import type { DataDatagram, DatagramSpace, DataHeader } from './dataDatagram.ts';
import { DatagramKind } from './datagramEnvelope.ts';
import { openDatagram, SEALED_OVERHEAD_BYTES, sealDatagram } from './sealedDatagram.ts';

const PLACE_BYTES = 8;

/** What a PIECE is longer than its payload. */
export const PIECE_OVERHEAD_BYTES = SEALED_OVERHEAD_BYTES + PLACE_BYTES;

/** As `encodeData`, under a key that seals no number twice. */
export function encodePiece(space: DatagramSpace, header: DataHeader, sealed: Buffer, key: KeyObject): void {
  const length = space.bytes.length - PIECE_OVERHEAD_BYTES;
  const body = Buffer.alloc(PLACE_BYTES + length);
  body.writeUInt32BE(header.block, 0);
  body.writeUInt32BE(header.offset, 4);
  sealed.copy(body, PLACE_BYTES, header.offset, header.offset + length);
  sealDatagram(space, DatagramKind.sealedPiece, { key, token: header.token, number: header.number }, body);
}

/** Throws a DecodeError, also when it was not sealed with `key`. The payload is the taker's. */
export function decodePiece(bytes: Uint8Array, key: KeyObject): DataDatagram {
  const { number, body } = openDatagram(bytes, DatagramKind.sealedPiece, key, 'piece', PLACE_BYTES + 1);
  return {
    number,
    block: body.readUInt32BE(0),
    offset: body.readUInt32BE(4),
    bytes: body,
    start: PLACE_BYTES,
    end: body.length,
  };
}
