// The safety code of two keys (contract/safetyCode.ts says what it is for). Pure: no key material, no store.

import { createHash } from 'node:crypto';
import type { Fingerprint } from '../../contract/fingerprint.ts';
import type { SafetyCode } from '../../contract/safetyCode.ts';

/** Nothing else in Hamta hashes what begins so. The number goes up when the same keys would give other digits. */
const DOMAIN = 'hamta safety code 1';
/**
 * Digits are what a person can read aloud, and most people stop before the end: after a quarter there are 50 bits. Hashing so
 * often makes each try of somebody who looks for a key with the same digits 2^12 times dearer, and costs us milliseconds
 * when a person asks. The number is Signal's.
 */
const ROUNDS = 5_200;
const GROUPS_PER_PERSON = 6;
const BYTES_PER_GROUP = 5;
const GROUP_VALUES = 100_000;

/**
 * The same for both: the half of the lower fingerprint stands first. Halves of their own and not one hash over both keys:
 * whoever stands between two people chooses a key towards each, and could look for two that collide, at the square root
 * of the cost. As it is, each of the two must have the very digits of somebody else's key.
 */
export function safetyCodeOf(one: Fingerprint, other: Fingerprint): SafetyCode {
  return [one, other].sort().map(halfOf).join('') as SafetyCode;
}

function halfOf(fingerprint: Fingerprint): string {
  const key = Buffer.from(fingerprint, 'hex');
  let digest = sha256(Buffer.from(DOMAIN), key);
  for (let round = 1; round < ROUNDS; round++) digest = sha256(digest, key);
  const groups = Array.from({ length: GROUPS_PER_PERSON }, (_, i) =>
    digest.readUIntBE(i * BYTES_PER_GROUP, BYTES_PER_GROUP),
  );
  return groups.map((value) => String(value % GROUP_VALUES).padStart(5, '0')).join('');
}

function sha256(...parts: readonly Buffer[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}
