// DATA: one piece of a sealed block. A sealed block is up to 64 KiB of the file under AES-128-GCM, its 16-byte tag behind.
//
//    0        1                         9                 13                17                21
//   +--------+-------------------------+-----------------+-----------------+-----------------+----~----+--------+
//   | 0x48   | token (8)               | number (u32 BE) | block (u32 BE)  | offset (u32 BE) | payload | CRC-32 |
//   +--------+-------------------------+-----------------+-----------------+-----------------+----~----+--------+
//
// `block` is the block's place in the file and the nonce of its seal; `offset` is where in the sealed block the payload
// belongs, so a block may be cut anew at any time, for a path that carries less.

import {
  BODY_OFFSET,
  CHECKSUM_BYTES,
  DatagramKind,
  isIntact,
  NUMBER_OFFSET,
  writeChecksum,
  writeToken,
} from './datagramEnvelope.ts';
import { DecodeError } from './decodeError.ts';

const BLOCK_OFFSET = BODY_OFFSET;
const OFFSET_OFFSET = BODY_OFFSET + 4;
const PAYLOAD_OFFSET = BODY_OFFSET + 8;

/** What a DATA datagram is longer than its payload. */
export const DATA_OVERHEAD_BYTES = PAYLOAD_OFFSET + CHECKSUM_BYTES;
/** The longest DATA that is sent and taken, in bytes: over loopback a sealed block goes in two. */
export const MAX_DATA_BYTES = 32 * 1024 + 64;

export interface DataDatagram {
  readonly number: number;
  readonly block: number;
  readonly offset: number;
  /** The payload is `bytes` from `start` up to, not including, `end`: at least one byte. A view of it would cost more than to copy it. */
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}

/** Where a datagram is written: all of it, and all of it but the checksum. */
export interface DatagramSpace {
  readonly bytes: Buffer;
  readonly covered: Buffer;
}

export interface DataHeader {
  readonly token: Uint8Array;
  readonly number: number;
  readonly block: number;
  readonly offset: number;
}

/** Fills `space` with the header and as many bytes of `sealed` from `header.offset` as it has room for; it must not be larger. */
export function encodeData(space: DatagramSpace, header: DataHeader, sealed: Buffer): void {
  const { bytes, covered } = space;
  bytes[0] = DatagramKind.data;
  writeToken(bytes, header.token);
  bytes.writeUInt32BE(header.number, NUMBER_OFFSET);
  bytes.writeUInt32BE(header.block, BLOCK_OFFSET);
  bytes.writeUInt32BE(header.offset, OFFSET_OFFSET);
  sealed.copy(bytes, PAYLOAD_OFFSET, header.offset, header.offset + covered.length - PAYLOAD_OFFSET);
  writeChecksum(bytes, covered);
}

/** Throws a DecodeError. The payload is the datagram's own: copy what is kept. */
export function decodeData(bytes: Uint8Array): DataDatagram {
  if (bytes.length <= DATA_OVERHEAD_BYTES) throw new DecodeError('data', bytes.length, 'too short');
  if (bytes.length > MAX_DATA_BYTES) throw new DecodeError('data', bytes.length, 'too long');
  if (bytes[0] !== DatagramKind.data) throw new DecodeError('data.kind', 0, 'not DATA');
  if (!isIntact(bytes)) throw new DecodeError('data.checksum', bytes.length - CHECKSUM_BYTES, 'differs');
  return {
    number: readUInt32(bytes, NUMBER_OFFSET),
    block: readUInt32(bytes, BLOCK_OFFSET),
    offset: readUInt32(bytes, OFFSET_OFFSET),
    bytes: bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length),
    start: PAYLOAD_OFFSET,
    end: bytes.length - CHECKSUM_BYTES,
  };
}

function readUInt32(bytes: Uint8Array, at: number): number {
  const high = bytes[at] as number;
  const low =
    ((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number);
  return high * 0x1000000 + low;
}
