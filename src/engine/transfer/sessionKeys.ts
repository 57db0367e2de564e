// The keys of one session, from the link's secret: HKDF-SHA256 (RFC 5869), so that no two sessions share a key or a token.

import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { TOKEN_BYTES } from '../../wire/datagramEnvelope.ts';
import type { SessionKeys } from './transferIo.ts';

const KEY_BYTES = 16;

export interface SessionName {
  /** 32 bytes that only the two ends of the link know (TLS exporter). */
  readonly secret: Uint8Array;
  /** 32 hexadecimal digits. */
  readonly transferId: string;
  /** 16 hexadecimal digits, chosen at random by the receiver and never used again. */
  readonly session: string;
}

export function sessionKeysOf(name: SessionName): SessionKeys {
  return {
    data: keyOf(name, 'data'),
    piece: keyOf(name, 'piece'),
    ack: keyOf(name, 'ack'),
    token: derive(name, 'token', TOKEN_BYTES),
  };
}

/** A KeyObject and never the raw bytes: those make each cipher several times dearer. */
function keyOf(name: SessionName, purpose: string): KeyObject {
  return createSecretKey(derive(name, purpose, KEY_BYTES));
}

function derive({ secret, transferId, session }: SessionName, purpose: string, length: number): Uint8Array {
  const salt = Buffer.from(transferId, 'hex');
  return new Uint8Array(hkdfSync('sha256', secret, salt, `hamta/transfer/1 ${session} ${purpose}`, length));
}
