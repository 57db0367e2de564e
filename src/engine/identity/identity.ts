// Who I am: a P-256 key and a self-signed certificate in one private file, made at the first start and then kept for good.

import { createPrivateKey, type KeyObject, sign, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { IDENTITY_FILE } from '../../contract/engineProof.ts';
import { fail } from '../../contract/failure.ts';
import type { Fingerprint } from '../../contract/fingerprint.ts';
import { fingerprintOfCertificate } from './fingerprint.ts';
import { type Rename, writePrivateFile } from './privateFile.ts';

export interface Identity {
  readonly fingerprint: Fingerprint;
  /** SubjectPublicKeyInfo, DER, base64. */
  readonly publicKey: string;
  readonly certPem: string;
  /** PKCS #8. */
  readonly keyPem: string;
  /** ECDSA over SHA-256 of `bytes`: r || s (IEEE P1363, 64 bytes), base64. */
  sign(bytes: Uint8Array): string;
}

/**
 * The identity in `folder`, made there when there is none. Only the holder of the store may call this, as two who make
 * one at the same time would be two people. Throws FailureError `identityUnusable` for a file that is half, damaged or
 * out of reach; it is never replaced, since another key is another person to everybody else.
 */
export async function loadIdentity(folder: string, rename?: Rename): Promise<Identity> {
  const path = join(folder, IDENTITY_FILE);
  return parseIdentity((await existingText(path)) ?? (await makeIdentity(path, rename)), path);
}

async function existingText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw unusable(path, code ?? String(error), error);
  }
}

async function makeIdentity(path: string, rename?: Rename): Promise<string> {
  // Loaded only now: it takes longer than the rest of a start, and is needed once.
  const { makeKeyAndCertificate } = await import('./certificate.ts');
  const { keyPem, certPem } = await makeKeyAndCertificate();
  const text = `${keyPem.trim()}\n${certPem.trim()}\n`;
  try {
    await writePrivateFile(path, text, rename);
  } catch (error) {
    throw unusable(path, (error as NodeJS.ErrnoException).code ?? String(error), error);
  }
  return text;
}

function parseIdentity(text: string, path: string): Identity {
  const keyPem = blockOf(text, 'PRIVATE KEY');
  const certPem = blockOf(text, 'CERTIFICATE');
  if (keyPem === undefined || certPem === undefined) throw unusable(path, 'notWhole');
  try {
    return identityOf(keyPem, certPem);
  } catch (error) {
    throw unusable(path, 'noPair', error);
  }
}

function identityOf(keyPem: string, certPem: string): Identity {
  const key = createPrivateKey(keyPem);
  const certificate = new X509Certificate(certPem);
  const fingerprint = fingerprintOfCertificate(certificate);
  if (fingerprint === undefined) throw new Error('the key is not P-256');
  if (!certificate.checkPrivateKey(key)) throw new Error('the certificate is of another key');
  const publicKey = certificate.publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
  return { fingerprint, publicKey, certPem, keyPem, sign: (bytes) => signWith(key, bytes) };
}

function signWith(key: KeyObject, bytes: Uint8Array): string {
  return sign('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' }).toString('base64');
}

/** RFC 7468. */
function blockOf(text: string, label: string): string | undefined {
  const block = new RegExp(`-----BEGIN ${label}-----\\s[A-Za-z0-9+/=\\s]+-----END ${label}-----`);
  const found = block.exec(text)?.[0];
  return found === undefined ? undefined : `${found}\n`;
}

function unusable(path: string, detail: string, cause?: unknown): Error {
  return fail('identityUnusable', { path, detail }, cause);
}
