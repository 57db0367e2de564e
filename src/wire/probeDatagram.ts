// PROBE: asks whether the path carries a datagram of this length (RFC 8899). Acknowledged by its number as any other; nothing is in it.
//
//    0        1                         9                 13
//   +--------+-------------------------+-----------------+-----~-----+--------+
//   | 0x4b   | token (8)               | number (u32 BE) | zeros     | CRC-32 |
//   +--------+-------------------------+-----------------+-----~-----+--------+

import type { DatagramSpace } from './dataDatagram.ts';
import {
  BODY_OFFSET,
  CHECKSUM_BYTES,
  DatagramKind,
  isIntact,
  NUMBER_OFFSET,
  writeChecksum,
} from './datagramEnvelope.ts';
import { DecodeError } from './decodeError.ts';

/** As long as `space` is. */
export function encodeProbe({ bytes, covered }: DatagramSpace, token: Uint8Array, number: number): void {
  bytes.fill(0);
  bytes[0] = DatagramKind.probe;
  bytes.set(token, 1);
  bytes.writeUInt32BE(number, NUMBER_OFFSET);
  writeChecksum(bytes, covered);
}

/** Its number. Throws a DecodeError. */
export function decodeProbe(bytes: Uint8Array): number {
  if (bytes.length < BODY_OFFSET + CHECKSUM_BYTES) throw new DecodeError('probe', bytes.length, 'too short');
  if (bytes[0] !== DatagramKind.probe) throw new DecodeError('probe.kind', 0, 'not PROBE');
  if (!isIntact(bytes)) throw new DecodeError('probe.checksum', bytes.length - CHECKSUM_BYTES, 'differs');
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).readUInt32BE(NUMBER_OFFSET);
}
