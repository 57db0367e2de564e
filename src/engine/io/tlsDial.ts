// Reaches for a peer: several addresses, a quarter of a second apart, the first that proves the expected key wins.

import { connect, type TLSSocket } from 'node:tls';
import type { Fingerprint } from '../../contract/fingerprint.ts';
import { BULK_ALPN } from '../../wire/bulkFrame.ts';
import type { Candidate } from '../reach/candidates.ts';
import { BulkConnection } from './bulkConnection.ts';
import { type Credentials, SecureChannel } from './secureChannel.ts';
import { ALPN, HANDSHAKE_TIMEOUT_MS } from './tlsListener.ts';

/** RFC 8305 section 5: the delay between attempts. */
const STAGGER_MS = 250;

/** Somebody answered, with another key. */
export class OtherKeyError extends Error {}

/**
 * Resolves with a channel to `expected`. Rejects with OtherKeyError when nobody else answered and somebody with another
 * key did, else with the last system error; at the latest HANDSHAKE_TIMEOUT_MS after the last attempt began.
 */
export async function dialTls(
  candidates: readonly Candidate[],
  expected: Fingerprint,
  credentials: Credentials,
  signal: AbortSignal,
): Promise<SecureChannel> {
  const done = new AbortController();
  const ended = AbortSignal.any([signal, done.signal]);
  const attempts = candidates.map((candidate, i) =>
    attempt(candidate, i * STAGGER_MS, expected, credentials, ended),
  );
  let winner: SecureChannel | undefined;
  try {
    winner = await Promise.any(attempts);
    return winner;
  } catch (error) {
    const errors = error instanceof AggregateError ? error.errors : [error];
    throw errors.find((e) => e instanceof OtherKeyError) ?? errors.at(-1) ?? new Error('no address is known');
  } finally {
    done.abort();
    // Two may have won in the same turn: the other one has no owner.
    for (const result of await Promise.allSettled(attempts)) {
      if (result.status === 'fulfilled' && result.value !== winner) result.value.close();
    }
  }
}

async function attempt(
  candidate: Candidate,
  delayMs: number,
  expected: Fingerprint,
  credentials: Credentials,
  signal: AbortSignal,
): Promise<SecureChannel> {
  await pause(delayMs, signal);
  return new SecureChannel(await reach(candidate, ALPN, expected, credentials, signal), expected, true);
}

/** A connection for files to `expected`, who is known to be there. Rejects as `dialTls`, or when `signal` says so. */
export async function dialBulk(
  candidate: Candidate,
  expected: Fingerprint,
  credentials: Credentials,
  signal: AbortSignal,
): Promise<BulkConnection> {
  return new BulkConnection(await reach(candidate, BULK_ALPN, expected, credentials, signal), expected);
}

async function reach(
  { host, port }: Candidate,
  alpn: string,
  expected: Fingerprint,
  credentials: Credentials,
  signal: AbortSignal,
): Promise<TLSSocket> {
  signal.throwIfAborted();
  const socket = connect({
    host,
    port,
    key: credentials.keyPem,
    cert: credentials.certPem,
    minVersion: 'TLSv1.3',
    // The certificate is self-signed; its key is compared with the expected one before a byte is read.
    rejectUnauthorized: false,
    ALPNProtocols: [alpn],
  });
  await handshake(socket, AbortSignal.any([signal, AbortSignal.timeout(HANDSHAKE_TIMEOUT_MS)]));
  const certificate = socket.getPeerX509Certificate();
  const isExpected = certificate !== undefined && credentials.fingerprintOf(certificate) === expected;
  if (isExpected && !signal.aborted) return socket;
  socket.destroy();
  throw new OtherKeyError(`another key answers at ${host}:${port}`);
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    setTimeout(resolve, ms).unref();
  });
}

function handshake(socket: TLSSocket, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => {
      socket.destroy();
      reject(error);
    };
    const onAbort = () => fail(signal.reason);
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    socket.on('error', fail);
    socket.once('close', () => fail(new Error('closed during the handshake')));
    socket.once('secureConnect', () => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    });
  });
}
