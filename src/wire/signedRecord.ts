// What a peer signs when it registers, signs off or gives its name back: the canonical bytes, the fingerprint of a key, and the check.
//
//   UTF-8 of JSON.stringify(["hamta/registry/1", verb, name, publicKey, ..., time, nonce]), no white space
//   signature: ECDSA P-256 over SHA-256, r || s (IEEE P1363, 64 bytes), base64

import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';

const CONTEXT = 'hamta/registry/1';
/** SubjectPublicKeyInfo of P-256 up to the point: id-ecPublicKey, prime256v1, an uncompressed point (RFC 5480, section 2). */
const SPKI_HEAD = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d03010703420004', 'hex');
const SPKI_BYTES = SPKI_HEAD.length + 64;

export interface SignedIdentity {
  readonly name: string;
  /** SubjectPublicKeyInfo, DER, base64. */
  readonly publicKey: string;
  /** The signer's clock, ms since the epoch. */
  readonly time: number;
  /** Base64, random. */
  readonly nonce: string;
}

export interface SignedRegistration extends SignedIdentity {
  readonly addresses: readonly string[];
  readonly tcpPort: number;
  readonly udpPort: number;
}

/** The bytes under the signature of a registration. */
export function registrationBytes(record: SignedRegistration): Uint8Array {
  const { name, publicKey, addresses, tcpPort, udpPort, time, nonce } = record;
  return canonical(['register', name, publicKey, addresses, tcpPort, udpPort, time, nonce]);
}

/** The bytes under the signature of a sign-off. */
export function signOffBytes({ name, publicKey, time, nonce }: SignedIdentity): Uint8Array {
  return canonical(['sign-off', name, publicKey, time, nonce]);
}

/** The bytes under the signature of a release: a sign-off after which the name is anybody's. */
export function releaseBytes({ name, publicKey, time, nonce }: SignedIdentity): Uint8Array {
  return canonical(['release', name, publicKey, time, nonce]);
}

/** The SHA-256 of a public key (SPKI, DER) as 64 lowercase hexadecimal digits. */
export function fingerprintDigits(spki: Uint8Array): string {
  return createHash('sha256').update(spki).digest('hex');
}

/**
 * The P-256 key in `publicKey` (SPKI, DER, base64), or undefined when it is anything else. One key has one spelling, so that
 * it has one fingerprint: OpenSSL would also take the same point compressed, and base64 the same bytes in several ways.
 */
export function parsePublicKey(
  publicKey: string,
): { readonly key: KeyObject; readonly fingerprint: string } | undefined {
  const der = Buffer.from(publicKey, 'base64');
  if (der.length !== SPKI_BYTES || !der.subarray(0, SPKI_HEAD.length).equals(SPKI_HEAD)) return undefined;
  if (der.toString('base64') !== publicKey) return undefined;
  try {
    return {
      key: createPublicKey({ key: der, format: 'der', type: 'spki' }),
      fingerprint: fingerprintDigits(der),
    };
  } catch {
    return undefined; // The point is not on the curve.
  }
}

/** Whether `signature` (base64) over `bytes` was made with the private half of `key`. Total: malformed input is `false`. */
export function isSignedBy(key: KeyObject, bytes: Uint8Array, signature: string): boolean {
  const raw = Buffer.from(signature, 'base64');
  return raw.length === 64 && verify('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' }, raw);
}

function canonical(fields: readonly unknown[]): Uint8Array {
  return Buffer.from(JSON.stringify([CONTEXT, ...fields]), 'utf8');
}
