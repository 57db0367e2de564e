// ACK: what the receiver of a file has, sealed one by one (sealedDatagram.ts).
//
//    0        1                         9                 13
//   +--------+-------------------------+-----------------+-----~-------+----------+--------+
//   | 0x49   | token (8)               | number (u32 BE) | sealed body | tag (16) | CRC-32 |
//   +--------+-------------------------+-----------------+-----~-------+----------+--------+
//
//   body, all big-endian:
//   +--------------------+------------------+----------------+----------+----------------+-----------------+
//   | verifiedBlocks u32 | blockLimit u32   | delay u32 (us) | echo (8) | rangeCount u8  | damagedCount u8 |
//   +--------------------+------------------+----------------+----------+----------------+-----------------+
//   | rangeCount   x { first u32, count u32 }   datagram numbers, highest range first, apart from each other
//   | damagedCount x { block u32, times u8 }    blocks whose tag was wrong `times` times
//   | anything more is of a later version and skipped

import type { KeyObject } from 'node:crypto';
import type { Range } from '../base/rangeSet.ts';
import { CHECKSUM_BYTES, DatagramKind } from './datagramEnvelope.ts';
import { DecodeError } from './decodeError.ts';
import { type DatagramSeal, openDatagram, SEALED_OVERHEAD_BYTES, sealDatagram } from './sealedDatagram.ts';

/** The most ranges in one ACK: 512 bytes of them; what falls off was told in many ACKs before. */
export const MAX_ACK_RANGES = 64;
export const MAX_ACK_DAMAGED = 8;

const FIXED_BODY_BYTES = 22;
const RANGE_BYTES = 8;
const DAMAGED_BYTES = 5;
const MAX_UINT32 = 0xffffffff;

export interface DamagedBlock {
  readonly block: number;
  /** How often its tag was wrong; each time, the sender sends all of it again. */
  readonly times: number;
}

export interface Ack {
  /** Every block below this one is verified. */
  readonly verifiedBlocks: number;
  /** Blocks from this one on are not taken yet. Never goes back. */
  readonly blockLimit: number;
  /** From the arrival of the highest number to the sending of this, in ms; microseconds on the wire. */
  readonly delayMs: number;
  /** The challenge of the last PROBE that asked for a place; 0n before the first. */
  readonly echo: bigint;
  /** Numbers of the datagrams received, highest first, disjoint and not touching. At most MAX_ACK_RANGES. */
  readonly ranges: readonly Range[];
  /** At most MAX_ACK_DAMAGED. */
  readonly damaged: readonly DamagedBlock[];
}

/** With no more than fits `mostBytes`: the first damaged blocks, and then the highest ranges. */
export function encodeAck(ack: Ack, seal: DatagramSeal, mostBytes = Number.POSITIVE_INFINITY): Buffer {
  const body = encodeBody(ack, mostBytes - SEALED_OVERHEAD_BYTES - FIXED_BODY_BYTES);
  const bytes = Buffer.alloc(SEALED_OVERHEAD_BYTES + body.length);
  sealDatagram({ bytes, covered: bytes.subarray(0, -CHECKSUM_BYTES) }, DatagramKind.ack, seal, body);
  return bytes;
}

/** Throws a DecodeError, also when the seal was not made with `key`. */
export function decodeAck(bytes: Uint8Array, key: KeyObject): Ack & { readonly number: number } {
  const { number, body } = openDatagram(bytes, DatagramKind.ack, key, 'ack', FIXED_BODY_BYTES);
  return { number, ...decodeBody(body) };
}

function encodeBody(ack: Ack, room: number): Buffer {
  const damaged = fitting(ack.damaged, MAX_ACK_DAMAGED, room, DAMAGED_BYTES);
  const ranges = fitting(ack.ranges, MAX_ACK_RANGES, room - damaged.length * DAMAGED_BYTES, RANGE_BYTES);
  const body = Buffer.alloc(FIXED_BODY_BYTES + ranges.length * RANGE_BYTES + damaged.length * DAMAGED_BYTES);
  body.writeUInt32BE(ack.verifiedBlocks, 0);
  body.writeUInt32BE(ack.blockLimit, 4);
  body.writeUInt32BE(Math.min(MAX_UINT32, Math.max(0, Math.round(ack.delayMs * 1000))), 8);
  body.writeBigUInt64BE(ack.echo, 12);
  let at = body.writeUInt8(ranges.length, 20);
  at = body.writeUInt8(damaged.length, at);
  for (const { start, end } of ranges) {
    at = body.writeUInt32BE(start, at);
    // All numbers that there are would be one more than it holds.
    at = body.writeUInt32BE(Math.min(MAX_UINT32, end - start), at);
  }
  for (const { block, times } of damaged) {
    at = body.writeUInt32BE(block, at);
    at = body.writeUInt8(times, at);
  }
  return body;
}

function fitting<T>(all: readonly T[], most: number, room: number, eachBytes: number): T[] {
  return all.slice(0, Math.max(0, Math.min(most, Math.floor(room / eachBytes))));
}

function decodeBody(body: Buffer): Ack {
  const rangeCount = body.readUInt8(20);
  const damagedCount = body.readUInt8(21);
  if (rangeCount > MAX_ACK_RANGES) throw new DecodeError('ack.rangeCount', 20, 'too many');
  if (damagedCount > MAX_ACK_DAMAGED) throw new DecodeError('ack.damagedCount', 21, 'too many');
  const damagedAt = FIXED_BODY_BYTES + rangeCount * RANGE_BYTES;
  if (body.length < damagedAt + damagedCount * DAMAGED_BYTES) {
    throw new DecodeError('ack.body', body.length, 'too short');
  }
  return {
    verifiedBlocks: body.readUInt32BE(0),
    blockLimit: body.readUInt32BE(4),
    delayMs: body.readUInt32BE(8) / 1000,
    echo: body.readBigUInt64BE(12),
    ranges: decodeRanges(body, rangeCount),
    damaged: Array.from({ length: damagedCount }, (_, i) => ({
      block: body.readUInt32BE(damagedAt + i * DAMAGED_BYTES),
      times: body.readUInt8(damagedAt + i * DAMAGED_BYTES + 4),
    })),
  };
}

function decodeRanges(body: Buffer, count: number): Range[] {
  const ranges: Range[] = [];
  let below = MAX_UINT32 + 2;
  for (let i = 0; i < count; i++) {
    const at = FIXED_BODY_BYTES + i * RANGE_BYTES;
    const start = body.readUInt32BE(at);
    const end = start + body.readUInt32BE(at + 4);
    if (end === start || end >= below)
      throw new DecodeError('ack.ranges', at, 'empty, touching or out of order');
    ranges.push({ start, end });
    below = start;
  }
  return ranges;
}
