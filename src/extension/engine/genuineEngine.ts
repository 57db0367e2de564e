// Whether it is the engine of this window's data folder that answers, and not another account's program at the name of its pipe.

import { randomBytes, verify, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { IDENTITY_FILE, provenText } from '../../contract/engineProof.ts';

/**
 * `prove` hands a challenge to whoever answers and resolves with the signature, base64. Its rejections are passed on, and so is
 * that the key cannot be read now: neither says anything of who answers.
 */
export async function isGenuineEngine(
  dataDir: string,
  prove: (challenge: string) => Promise<string>,
): Promise<boolean> {
  const challenge = randomBytes(32).toString('base64');
  const signature = Buffer.from(await prove(challenge), 'base64');
  // After the answer: an engine that starts for the first time has its key there before it listens.
  const { publicKey } = new X509Certificate(await readFile(path.join(dataDir, IDENTITY_FILE)));
  const key = { key: publicKey, dsaEncoding: 'ieee-p1363' } as const;
  return verify('sha256', Buffer.from(provenText(challenge)), key, signature);
}
