// PROBE: asks whether the path carries a datagram of this length (RFC 8899), and proves where the sender is (RFC 9000 section 9):
// it is sealed (sealedDatagram.ts). Acknowledged by its number as any other; nothing is in it.
//
//    0        1                         9                 13
//   +--------+-------------------------+-----------------+---------~---------+----------+--------+
//   | 0x4b   | token (8)               | number (u32 BE) | sealed: zeros     | tag (16) | CRC-32 |
//   +--------+-------------------------+-----------------+---------~---------+----------+--------+

import type { KeyObject } from 'node:crypto';
import type { DatagramSpace } from './dataDatagram.ts';
import { DatagramKind } from './datagramEnvelope.ts';
import { type DatagramSeal, openDatagram, SEALED_OVERHEAD_BYTES, sealDatagram } from './sealedDatagram.ts';

/** The shortest. */
export const MIN_PROBE_BYTES = SEALED_OVERHEAD_BYTES;

/** As long as `space` is, at least MIN_PROBE_BYTES, under a key that seals no number twice. */
export function encodeProbe(space: DatagramSpace, seal: DatagramSeal): void {
  sealDatagram(space, DatagramKind.probe, seal, Buffer.alloc(space.bytes.length - SEALED_OVERHEAD_BYTES));
}

/** Its number. Throws a DecodeError, also when it was not sealed with `key`. */
export function decodeProbe(bytes: Uint8Array, key: KeyObject): number {
  return openDatagram(bytes, DatagramKind.probe, key, 'probe', 0).number;
}
