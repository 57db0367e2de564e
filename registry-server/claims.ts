// Whether a body says what it must and was signed by the key in it, before the store hears of it. Throws what is wrong.

import * as v from 'valibot';
import type { Millis } from '../src/base/clock.ts';
import { type NameProblem, nameProblem, tidyName } from '../src/contract/names.ts';
import { MAX_SKEW_MS, RegisterBody, SignOffBody } from '../src/contract/registry.ts';
import {
  isSignedBy,
  parsePublicKey,
  registrationBytes,
  releaseBytes,
  signOffBytes,
} from '../src/wire/signedRecord.ts';
import { type NameKeys, nameKeysOf } from './nameKeys.ts';
import { ProblemError } from './problem.ts';
import type { Claim, Registration } from './store/store.ts';

const NAME_PROBLEMS: Readonly<Record<NameProblem, string>> = {
  empty: 'A name needs at least one visible character besides dots.',
  tooLong: 'A name can have at most 64 characters.',
  invisibleCharacters: 'A name cannot hold invisible or control characters.',
};

/** Longer messages would repeat the caller's own input. */
const MAX_DETAIL = 200;

/** The keys of a name in a path. */
export function keysOfName(name: string): NameKeys {
  const problem = nameProblem(name);
  if (problem !== undefined) throw new ProblemError('bad-request', NAME_PROBLEMS[problem]);
  const keys = nameKeysOf(tidyName(name));
  if (keys === undefined) throw new ProblemError('bad-request', NAME_PROBLEMS.tooLong);
  return keys;
}

/** A registration but for the address it came from. */
export function checkRegistration(
  pathName: string,
  body: unknown,
  now: Millis,
): Omit<Registration, 'observedAddress'> {
  const keys = keysOfName(pathName);
  const { record, signature } = shaped(RegisterBody, body);
  const claim = checkClaim({ keys, pathName, record, signature, bytes: registrationBytes(record) }, now);
  return { ...claim, record, signature };
}

export function checkSignOff(pathName: string, body: unknown, now: Millis): Claim {
  const keys = keysOfName(pathName);
  const { record, signature } = shaped(SignOffBody, body);
  return checkClaim({ keys, pathName, record, signature, bytes: signOffBytes(record) }, now);
}

/** The same body as a sign-off's, under another signature: neither can be made of the other. */
export function checkRelease(pathName: string, body: unknown, now: Millis): Claim {
  const keys = keysOfName(pathName);
  const { record, signature } = shaped(SignOffBody, body);
  return checkClaim({ keys, pathName, record, signature, bytes: releaseBytes(record) }, now);
}

interface SignedClaim {
  readonly keys: NameKeys;
  readonly pathName: string;
  readonly record: { readonly name: string; readonly publicKey: string; readonly time: Millis };
  readonly signature: string;
  readonly bytes: Uint8Array;
}

/** The cheap questions first: a signature costs as much as all others together. */
function checkClaim({ keys, pathName, record, signature, bytes }: SignedClaim, now: Millis): Claim {
  refuseOtherName(pathName, record.name);
  refuseOtherTime(record.time, now);
  const signer = parsePublicKey(record.publicKey);
  if (signer === undefined) {
    throw new ProblemError(
      'bad-request',
      'record.publicKey is not an uncompressed P-256 key (SPKI, DER, base64).',
    );
  }
  if (!isSignedBy(signer.key, bytes, signature)) {
    throw new ProblemError(
      'bad-signature',
      'Sign the canonical bytes of exactly this record with exactly this key.',
    );
  }
  return { keys, fingerprint: signer.fingerprint, signedAt: record.time };
}

function refuseOtherName(pathName: string, name: string): void {
  if (name !== tidyName(name)) {
    throw new ProblemError(
      'bad-request',
      'record.name is not tidy: NFC, single inner spaces, no outer ones.',
    );
  }
  if (name !== tidyName(pathName))
    throw new ProblemError('bad-request', 'record.name is not the name in the path.');
}

function refuseOtherTime(time: Millis, now: Millis): void {
  const skewMs = time - now;
  if (Math.abs(skewMs) <= MAX_SKEW_MS) return;
  const seconds = Math.round(Math.abs(skewMs) / 1_000);
  const detail = `record.time is ${seconds} s ${skewMs > 0 ? 'ahead of' : 'behind'} the registry's clock. Set the clock and sign again.`;
  throw new ProblemError('clock-skew', detail, { times: { serverTime: now } });
}

function shaped<T>(shape: v.GenericSchema<unknown, T>, body: unknown): T {
  // Only the first is told: a body of 16 KiB can be wrong in thousands of places.
  const result = v.safeParse(shape, body, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const detail = `${v.getDotPath(issue) ?? 'body'}: ${issue.message}`;
  throw new ProblemError('bad-request', detail.slice(0, MAX_DETAIL));
}
