// A binary frame of the registry's signal socket: bytes of one relay stream. What they mean is between the two peers.
//
//    0              4
//   +--------------+------~------+
//   | stream u32BE | bytes (1..) |
//   +--------------+------~------+

import { DecodeError } from './decodeError.ts';

const RELAY_HEADER_BYTES = 4;

export interface RelayFrame {
  /** The registry's number for the stream, the same at both ends. */
  readonly stream: number;
  /** Of the frame's own memory. */
  readonly bytes: Uint8Array;
}

export function encodeRelayFrame({ stream, bytes }: RelayFrame): Uint8Array {
  const frame = Buffer.allocUnsafe(RELAY_HEADER_BYTES + bytes.length);
  frame.writeUInt32BE(stream, 0);
  frame.set(bytes, RELAY_HEADER_BYTES);
  return frame;
}

/** Throws a DecodeError for a frame without bytes. */
export function decodeRelayFrame(frame: Uint8Array): RelayFrame {
  if (frame.length <= RELAY_HEADER_BYTES) throw new DecodeError('relay.bytes', frame.length, 'missing');
  const stream = new DataView(frame.buffer, frame.byteOffset).getUint32(0);
  return { stream, bytes: frame.subarray(RELAY_HEADER_BYTES) };
}
