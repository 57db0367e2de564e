// A new key with its certificate. TLS wants one; peers look at its key alone, so its other fields say as little as they may.

// @peculiar/x509 needs the metadata API to be there when it is loaded.
import 'reflect-metadata';

import { createPrivateKey, randomBytes } from 'node:crypto';
import { KeyUsageFlags, KeyUsagesExtension, X509CertificateGenerator } from '@peculiar/x509';

export interface KeyAndCertificate {
  /** PKCS #8. */
  readonly keyPem: string;
  readonly certPem: string;
}

const P256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
/** RFC 5280 4.1.2.5: no end is known. Trust ends with the pin, not with a date. */
const NO_END = new Date('9999-12-31T23:59:59Z');
/** Long before, so that it holds on a computer whose clock is wrong, and does not tell when this one was set up. */
const LONG_AGO = new Date('2020-01-01T00:00:00Z');

export async function makeKeyAndCertificate(): Promise<KeyAndCertificate> {
  const keys = await crypto.subtle.generateKey(P256, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: randomSerial(),
      name: 'CN=hamta',
      notBefore: LONG_AGO,
      notAfter: NO_END,
      signingAlgorithm: P256,
      extensions: [new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true)],
      keys,
    },
    crypto,
  );
  const pkcs8 = await crypto.subtle.exportKey('pkcs8', keys.privateKey);
  return { keyPem: pemOf(pkcs8), certPem: certificate.toString('pem') };
}

function pemOf(pkcs8: ArrayBuffer): string {
  const key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
  return key.export({ format: 'pem', type: 'pkcs8' }).toString();
}

/** RFC 5280 4.1.2.2: positive, at most 20 bytes. The first byte keeps DER from adding or dropping one. */
function randomSerial(): string {
  const serial = randomBytes(16);
  serial[0] = 0x40 | ((serial[0] ?? 0) & 0x3f);
  return serial.toString('hex');
}
