// PROBE: asks whether the path carries a datagram of this length (RFC 8899), or whether the receiver is where it goes (RFC 9000 section 8.2),
// and proves where the sender is, as it is sealed (sealedDatagram.ts). Acknowledged by its number as any other.
//
//    0        1                         9                 13
//   +--------+-------------------------+-----------------+-----~-------+----------+--------+
//   | 0x4b   | token (8)               | number (u32 BE) | sealed body | tag (16) | CRC-32 |
//   +--------+-------------------------+-----------------+-----~-------+----------+--------+
//
//   body:
//   +-----------------+-------+
//   | challenge (8)   | zeros |
//   +-----------------+-------+

import type { KeyObject } from 'node:crypto';
import type { DatagramSpace } from './dataDatagram.ts';
import { DatagramKind } from './datagramEnvelope.ts';
import { type DatagramSeal, openDatagram, SEALED_OVERHEAD_BYTES, sealDatagram } from './sealedDatagram.ts';

const CHALLENGE_BYTES = 8;

/** The shortest. */
export const MIN_PROBE_BYTES = SEALED_OVERHEAD_BYTES + CHALLENGE_BYTES;
/** Of a PROBE that asks for no place. */
export const NO_CHALLENGE = 0n;

export interface Probe {
  readonly number: number;
  /** 64 random bits, which come back in each ACK from then on: who knows them has got this. */
  readonly challenge: bigint;
}

/** As long as `space` is, at least MIN_PROBE_BYTES, under a key that seals no number twice. */
export function encodeProbe(space: DatagramSpace, seal: DatagramSeal, challenge: bigint): void {
  const body = Buffer.alloc(space.bytes.length - SEALED_OVERHEAD_BYTES);
  body.writeBigUInt64BE(challenge);
  sealDatagram(space, DatagramKind.probe, seal, body);
}

/** Throws a DecodeError, also when it was not sealed with `key`. */
export function decodeProbe(bytes: Uint8Array, key: KeyObject): Probe {
  const { number, body } = openDatagram(bytes, DatagramKind.probe, key, 'probe', CHALLENGE_BYTES);
  return { number, challenge: body.readBigUInt64BE() };
}
