// The fingerprint of whoever shows a certificate. Nothing else in a certificate means anything here.

import { X509Certificate } from 'node:crypto';
import { type Fingerprint, parseFingerprint } from '../../contract/fingerprint.ts';
import { fingerprintDigits } from '../../wire/signedRecord.ts';

/** SubjectPublicKeyInfo of an uncompressed P-256 point: one key has one spelling, so that it has one fingerprint. */
const P256_SPKI_BYTES = 91;

/** For a certificate or its DER: the SHA-256 of its P-256 public key, or undefined for anything else. Total. */
export function fingerprintOfCertificate(certificate: X509Certificate | Uint8Array): Fingerprint | undefined {
  try {
    const { publicKey } =
      certificate instanceof X509Certificate ? certificate : new X509Certificate(certificate);
    if (publicKey.asymmetricKeyDetails?.namedCurve !== 'prime256v1') return undefined;
    const spki = publicKey.export({ format: 'der', type: 'spki' });
    return spki.length === P256_SPKI_BYTES ? parseFingerprint(fingerprintDigits(spki)) : undefined;
  } catch {
    return undefined;
  }
}
