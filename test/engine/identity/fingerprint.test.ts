import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { makeKeyAndCertificate } from '../../../src/engine/identity/certificate.ts';
import { fingerprintOfCertificate } from '../../../src/engine/identity/fingerprint.ts';

/** A certificate of a P-256 key whose point is compressed (OpenSSL 3): DER, base64. */
const COMPRESSED = [
  'MIIBVjCB/aADAgECAhR/cnmMeuAfnMGR9XVKSJjfaEZFGjAKBggqhkjOPQQDAjAQMQ4wDAYDVQQDDAVoYW10YTAgFw0yNjEx',
  'MjExNjUyMjlaGA8yMTI2MTAyODE2NTIyOVowEDEOMAwGA1UEAwwFaGFtdGEwOTATBgcqhkjOPQIBBggqhkjOPQMBBwMiAAPP',
  'DiGQQTyDsyUR0dktHrjGVeljQBzI8XvQXihY+lhI76NTMFEwHQYDVR0OBBYEFGSK+6vsWeWCiXaUHD510C3Dee0yMB8GA1Ud',
  'IwQYMBaAFGSK+6vsWeWCiXaUHD510C3Dee0yMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIhAIMITJSr44yM',
  'ORiyxRUtdjM4cR2LPDDm2LaLtwXxJDjEAiAcxqRQKch0XPbZ8kJeWGIG6m8qu4neqFO2z4GwTK1bVw==',
].join('');

describe("a certificate's fingerprint", () => {
  it('is the same from the parsed certificate and from its bytes', async () => {
    const certificate = new X509Certificate((await makeKeyAndCertificate()).certPem);
    const fingerprint = fingerprintOfCertificate(certificate);
    assert.match(fingerprint ?? '', /^[0-9a-f]{64}$/);
    assert.equal(fingerprintOfCertificate(certificate.raw), fingerprint);
  });

  it('is none for keys of other kinds', async () => {
    const rsa = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 2048 };
    const others = await Promise.all([
      certificateWith({ ...rsa, publicExponent: new Uint8Array([1, 0, 1]) }),
      certificateWith({ name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-256' }),
    ]);
    for (const certificate of others) assert.equal(fingerprintOfCertificate(certificate), undefined);
  });

  it('is none for a key in another spelling: one key has one fingerprint', () => {
    const certificate = new X509Certificate(Buffer.from(COMPRESSED, 'base64'));
    assert.equal(certificate.publicKey.asymmetricKeyDetails?.namedCurve, 'prime256v1');
    assert.equal(fingerprintOfCertificate(certificate), undefined);
  });

  it('is none for bytes that are no certificate', async () => {
    const { raw } = new X509Certificate((await makeKeyAndCertificate()).certPem);
    for (const bytes of [new Uint8Array(), Buffer.from('certificate'), raw.subarray(0, 200)]) {
      assert.equal(fingerprintOfCertificate(bytes), undefined);
    }
  });
});

async function certificateWith(algorithm: {
  name: string;
  hash: string;
  namedCurve?: string;
  modulusLength?: number;
  publicExponent?: Uint8Array;
}): Promise<X509Certificate> {
  // After certificate.ts, which readies what this library needs.
  const { X509CertificateGenerator } = await import('@peculiar/x509');
  const keys = (await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as CryptoKeyPair;
  const made = await X509CertificateGenerator.createSelfSigned({ keys, signingAlgorithm: algorithm });
  return new X509Certificate(Buffer.from(made.rawData));
}
