// What a peer signs to open the registry's signal socket, and the check.
//
//   UTF-8 of JSON.stringify(["hamta/signal/1", challenge, host, publicKey]), no white space
//   signature: ECDSA P-256 over SHA-256, r || s (IEEE P1363, 64 bytes), base64
//
// The context keeps it apart from records (signedRecord.ts): no signature of one kind is worth anything as the other.

import { isSignedBy, parsePublicKey } from './signedRecord.ts';

const CONTEXT = 'hamta/signal/1';

export interface ChallengeAnswer {
  /** Base64 of 32 random bytes of the registry's, used once. */
  readonly challenge: string;
  /** `host[:port]` that the peer dialled, as in a Host header: an answer to one registry is none to another. */
  readonly host: string;
  /** SubjectPublicKeyInfo, DER, base64. */
  readonly publicKey: string;
}

/** The bytes under the signature. */
export function challengeBytes({ challenge, host, publicKey }: ChallengeAnswer): Uint8Array {
  return Buffer.from(JSON.stringify([CONTEXT, challenge, host, publicKey]), 'utf8');
}

/** The fingerprint of the key that signed, or undefined when it did not. Total. */
export function signerOfChallenge(answer: ChallengeAnswer, signature: string): string | undefined {
  const signer = parsePublicKey(answer.publicKey);
  if (signer === undefined) return undefined;
  return isSignedBy(signer.key, challengeBytes(answer), signature) ? signer.fingerprint : undefined;
}
