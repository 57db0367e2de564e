// The value of CHANGE-REQUEST (RFC 5780, section 7.2): from where a client wants its answer, to learn what its router lets in.
//
//   u32 BE, all bits 0 but 0x4: from the server's other address, 0x2: from its other port

import { DecodeError } from './decodeError.ts';

export interface ChangeRequest {
  readonly address: boolean;
  readonly port: boolean;
}

const ADDRESS_BIT = 4;
const PORT_BIT = 2;

export function encodeChangeRequest({ address, port }: ChangeRequest): Buffer {
  return Buffer.from([0, 0, 0, (address ? ADDRESS_BIT : 0) | (port ? PORT_BIT : 0)]);
}

/** Throws a DecodeError. Bits without a meaning are ignored. */
export function decodeChangeRequest(value: Uint8Array): ChangeRequest {
  if (value.length !== 4) throw new DecodeError('stun.changeRequest', value.length, 'not four bytes');
  const bits = value[3] as number;
  return { address: (bits & ADDRESS_BIT) !== 0, port: (bits & PORT_BIT) !== 0 };
}
