// /v1/peers: register, look up, list, sign off, give back.

import { type Request, Router } from 'express';
import type { Clock, Millis } from '../../src/base/clock.ts';
import { tidyName } from '../../src/contract/names.ts';
import {
  LEASE_MS,
  MAX_PAGE,
  type PageAnswer,
  type PeerAnswer,
  type RegisterAnswer,
} from '../../src/contract/registry.ts';
import { checkRegistration, checkRelease, checkSignOff, keysOfName } from '../claims.ts';
import type { AddressOf } from '../clientAddress.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import { jsonBody } from '../jsonBody.ts';
import { isSortKeySize, type NameKeys, sortKeyOf } from '../nameKeys.ts';
import type { NewNames } from '../newNames.ts';
import { observedAddressOf } from '../observedAddress.ts';
import { onlyMethods, ProblemError } from '../problem.ts';
import { tooMuch } from '../rateLimit.ts';
import type { PageQuery, Presence, Refusal, Store, StoredPeer } from '../store/store.ts';

const PEERS = '/v1/peers';
const PEER = '/v1/peers/:name';

export function peerRoutes(
  store: Store,
  clock: Clock,
  addressOf: AddressOf,
  newNames: NewNames,
  stunPorts: () => readonly number[] = () => [],
): Router {
  const router = Router({ caseSensitive: true });

  /** Whose address took too many names may renew them: only then is the store asked which of the two it would be. */
  async function refuseNewName(keys: NameKeys, address: string, now: Millis): Promise<void> {
    const waitMs = newNames.waitMs(address);
    if (waitMs > 0 && (await store.find(keys, now)) === undefined) throw tooMuch(waitMs, 'new name');
  }

  router.put(PEER, jsonBody, async (request, response) => {
    const now = clock.now();
    const registration = checkRegistration(nameOf(request), request.body, now);
    const observedAddress = observed(addressOf(request));
    await refuseNewName(registration.keys, observedAddress, now);
    const outcome = await store.register({ ...registration, observedAddress }, now);
    if (outcome.kind === 'created') newNames.took(observedAddress);
    if (outcome.kind !== 'created' && outcome.kind !== 'refreshed') throw problemOfRefusal(outcome);
    const ports = [...stunPorts()];
    const stun = ports.length > 0 ? { stunPorts: ports } : {};
    response
      .status(outcome.kind === 'created' ? 201 : 200)
      .json({ observedAddress, leaseMs: LEASE_MS, ...stun } satisfies RegisterAnswer);
  });

  router.get(PEER, async (request, response) => {
    const now = clock.now();
    const peer = await store.find(keysOfName(nameOf(request)), now);
    if (peer === undefined) throw unknownName();
    const answer = peerAnswerText(peer, now);
    response.setHeader('Content-Type', 'application/json; charset=utf-8');
    response.setHeader('Content-Length', Buffer.byteLength(answer));
    response.end(answer);
  });

  router.delete(PEER, jsonBody, async (request, response) => {
    const now = clock.now();
    const outcome = isRelease(request)
      ? await store.release(checkRelease(nameOf(request), request.body, now), now)
      : await store.signOff(checkSignOff(nameOf(request), request.body, now), now);
    if (outcome.kind === 'unknown') throw unknownName();
    if (outcome.kind === 'taken' || outcome.kind === 'stale') throw problemOfRefusal(outcome);
    response.status(204).end();
  });

  router.get(PEERS, async (request, response) => {
    const now = clock.now();
    const { entries, next } = await store.page(pageQueryOf(request), now);
    const peers = entries.map((entry) => {
      return { name: entry.name, fingerprint: entry.fingerprint, ...presenceAt(now, entry) };
    });
    const cursor = next === undefined ? {} : { cursor: encodeCursor(next) };
    response.json({ peers, ...cursor } satisfies PageAnswer);
  });

  router.all(PEER, onlyMethods('GET', 'HEAD', 'PUT', 'DELETE'));
  router.all(PEERS, onlyMethods('GET', 'HEAD'));
  return router;
}

/** A PeerAnswer. The record is not taken apart to be put together again: this is the call that is made most often. */
function peerAnswerText(
  { recordText, signature, observedAddress, ...presence }: StoredPeer,
  now: number,
): string {
  const rest: Omit<PeerAnswer, 'record'> = { signature, observedAddress, ...presenceAt(now, presence) };
  return `{"record":${recordText},${JSON.stringify(rest).slice(1)}`;
}

/** What the query says must be what was signed: the two kinds of leaving have different bytes. */
function isRelease({ query }: Request): boolean {
  const release = textOf(query.release, 'release');
  if (release === undefined || release === '1') return release === '1';
  throw new ProblemError('bad-request', 'release is 1, or not there.');
}

function presenceAt(now: number, { leaseUntil, lastSeenAt }: Presence) {
  return { online: leaseUntil > now, lastSeenAt };
}

function nameOf(request: Request): string {
  return String(request.params.name);
}

function observed(remote: string | undefined): string {
  const address = observedAddressOf(remote);
  if (address === undefined)
    throw new ProblemError('bad-request', 'It is not clear where the request is from.');
  return address;
}

function unknownName(): ProblemError {
  return new ProblemError('not-found', 'Nobody has this name here.');
}

function problemOfRefusal(refusal: Refusal): ProblemError {
  if (refusal.kind === 'stale') {
    const detail =
      'record.time must be later than that of the last claim to this name. Sign again with a later time.';
    return new ProblemError('stale-record', detail, { times: { newerThan: refusal.newerThan } });
  }
  const detail = `"${refusal.name}", which is the same or looks the same, belongs to another key. Choose another name.`;
  return new ProblemError('name-taken', detail, { times: { freeAt: refusal.freeAt } });
}

function pageQueryOf({ query }: Request): PageQuery {
  const prefix = sortKeyOf(tidyName(textOf(query.prefix, 'prefix') ?? ''));
  if (!isSortKeySize(prefix)) throw new ProblemError('bad-request', 'prefix is longer than a name can be.');
  return {
    prefix,
    after: afterOf(textOf(query.cursor, 'cursor')),
    limit: limitOf(textOf(query.limit, 'limit')),
  };
}

function afterOf(cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  const after = decodeCursor(cursor);
  if (after !== undefined) return after;
  throw new ProblemError('bad-request', 'cursor is not one of ours. Start again without it.');
}

function limitOf(text: string | undefined): number {
  const limit = text === undefined ? MAX_PAGE : /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= MAX_PAGE) return limit;
  throw new ProblemError('bad-request', `limit is a whole number from 1 to ${MAX_PAGE}.`);
}

function textOf(value: unknown, parameter: string): string | undefined {
  if (value === undefined || typeof value === 'string') return value;
  throw new ProblemError('bad-request', `${parameter} may be given once.`);
}
