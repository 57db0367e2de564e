// The value of ERROR-CODE (RFC 8489, section 14.8).
//
//    0          2                    3              4
//   +----------+--------------------+--------------+------------------
//   | 0        | hundreds (3 bits)  | 0 to 99      | reason, UTF-8
//   +----------+--------------------+--------------+------------------

import { DecodeError } from './decodeError.ts';
import { decodeStunText, encodeStunText } from './stunText.ts';

export interface StunError {
  /** 300 to 699. Compare it, never the reason. */
  readonly code: number;
  readonly reason: string;
}

export function encodeErrorCode({ code, reason }: StunError): Buffer {
  return Buffer.concat([Buffer.from([0, 0, Math.floor(code / 100), code % 100]), encodeStunText(reason)]);
}

/** Throws a DecodeError. */
export function decodeErrorCode(value: Uint8Array): StunError {
  if (value.length < 4) throw new DecodeError('stun.errorCode', value.length, 'too short');
  const [hundreds, rest] = [(value[2] as number) & 7, value[3] as number];
  if (hundreds < 3 || hundreds > 6 || rest > 99) throw new DecodeError('stun.errorCode', 2, 'no code');
  return { code: 100 * hundreds + rest, reason: decodeStunText(value.subarray(4)) };
}
