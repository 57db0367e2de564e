// The store for several instances: Redis holds everything, expires records by itself, and is asked for one page at a time.
// A record changes in one step; the directory follows in a second one, and every heartbeat puts it right again.

import type { Redis } from 'ioredis';
import type { Millis } from '../../src/base/clock.ts';
import { BINDING_MS, LEASE_MS } from '../../src/contract/registry.ts';
import { type NameKeys, skeletonOf } from '../nameKeys.ts';
import { directoryRange } from './directoryRange.ts';
import { LIST, NAMES_KEY, peerKey, REGISTER, SEEN_KEY, SIGN_OFF } from './redisScripts.ts';
import {
  type Claim,
  type DirectoryEntry,
  type DirectoryPage,
  type PageQuery,
  type Refusal,
  type RegisterOutcome,
  type Registration,
  type SignOffOutcome,
  type Store,
  StoreAway,
  type StoredPeer,
  SWEEP_STEP,
} from './store.ts';

type Script = (...keysAndArguments: (string | number)[]) => Promise<string[]>;

type Scripted = Redis & { hamtaRegister: Script; hamtaSignOff: Script; hamtaList: Script };

/** Scripts go on their own: in a pipeline, one that Redis has forgotten would not be sent again. */
export const SCRIPT_NAMES = ['hamtaRegister', 'hamtaSignOff', 'hamtaList'];

const PEER_FIELDS = [
  'sortKey',
  'record',
  'signature',
  'fingerprint',
  'observedAddress',
  'seenAt',
  'leaseUntil',
] as const;
const ENTRY_FIELDS = ['sortKey', 'name', 'fingerprint', 'seenAt', 'leaseUntil'] as const;

/** What Redis answers while it is not itself: these pass, unlike a wrong command. */
const PASSING_ERRORS =
  /^(LOADING|READONLY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|BUSY|OOM|MISCONF|NOREPLICAS|NOAUTH|UNBLOCKED)\b/;

export class RedisStore implements Store {
  readonly #redis: Scripted;

  /** Takes the client over: `close` ends its connection. */
  constructor(redis: Redis) {
    redis.defineCommand('hamtaRegister', { lua: REGISTER, numberOfKeys: 1 });
    redis.defineCommand('hamtaSignOff', { lua: SIGN_OFF, numberOfKeys: 1 });
    redis.defineCommand('hamtaList', { lua: LIST, numberOfKeys: 2 });
    this.#redis = redis as Scripted;
  }

  async register(registration: Registration, now: Millis): Promise<RegisterOutcome> {
    const fields = fieldsOf(registration, now);
    const reply = await withAway(this.#redis.hamtaRegister(...claimOf(registration, now), ...fields));
    const [kind, before = ''] = reply;
    if (kind !== 'created' && kind !== 'refreshed') return refusalOf(reply);
    await this.#list(registration.keys.sortKey, before, now);
    return { kind };
  }

  async signOff(claim: Claim, now: Millis): Promise<SignOffOutcome> {
    const reply = await withAway(this.#redis.hamtaSignOff(...claimOf(claim, now)));
    const [kind, sortKey = ''] = reply;
    if (kind === 'unknown') return { kind };
    if (kind !== 'signedOff') return refusalOf(reply);
    await this.#list(sortKey, sortKey, now);
    return { kind };
  }

  async find({ skeleton, sortKey }: NameKeys, now: Millis): Promise<StoredPeer | undefined> {
    const [heldSortKey, ...fields] = await withAway(this.#redis.hmget(peerKey(skeleton), ...PEER_FIELDS));
    if (heldSortKey !== sortKey) return undefined;
    const [record, signature, fingerprint, observedAddress, seenAt, leaseUntil] = fields as string[];
    const peer = { record: JSON.parse(String(record)), signature, fingerprint, observedAddress };
    return aliveAt(now, {
      ...peer,
      lastSeenAt: Number(seenAt),
      leaseUntil: Number(leaseUntil),
    } as StoredPeer);
  }

  /** Reads one name more than the page has, to know whether there are more. */
  async page(query: PageQuery, now: Millis): Promise<DirectoryPage> {
    const { from, end } = directoryRange(query);
    const range = this.#redis.zrange(NAMES_KEY, `[${from}`, `(${end}`, 'BYLEX', 'LIMIT', 0, query.limit + 1);
    const sortKeys = await withAway(range);
    const looked = sortKeys.slice(0, query.limit);
    const entries = await withAway(Promise.all(looked.map((sortKey) => this.#entry(sortKey, now))));
    return {
      entries: entries.filter((entry) => entry !== undefined),
      next: sortKeys.length > query.limit ? looked.at(-1) : undefined,
    };
  }

  async ping(): Promise<void> {
    await withAway(this.#redis.ping());
  }

  async close(): Promise<void> {
    this.#redis.disconnect();
  }

  /** Undefined when the record has lapsed or is now written otherwise: the directory follows a step behind. */
  async #entry(sortKey: string, now: Millis): Promise<DirectoryEntry | undefined> {
    const fields = await this.#redis.hmget(peerKey(skeletonOf(sortKey)), ...ENTRY_FIELDS);
    const [heldSortKey, name, fingerprint, seenAt, leaseUntil] = fields as string[];
    if (heldSortKey !== sortKey) return undefined;
    const presence = { lastSeenAt: Number(seenAt), leaseUntil: Number(leaseUntil) };
    return aliveAt(now, { name, fingerprint, ...presence } as DirectoryEntry);
  }

  async #list(sortKey: string, before: string, now: Millis): Promise<void> {
    const lapsedAt = now - BINDING_MS;
    await withAway(this.#redis.hamtaList(NAMES_KEY, SEEN_KEY, sortKey, now, before, lapsedAt, SWEEP_STEP));
  }
}

/** Redis lets a record lapse by its own clock; this is the same rule by ours. */
function aliveAt<T extends { readonly lastSeenAt: Millis }>(now: Millis, held: T): T | undefined {
  return held.lastSeenAt + BINDING_MS > now ? held : undefined;
}

function claimOf({ keys, fingerprint, signedAt }: Claim, now: Millis): (string | number)[] {
  return [peerKey(keys.skeleton), now, BINDING_MS, fingerprint, signedAt];
}

function fieldsOf(registration: Registration, now: Millis): (string | number)[] {
  const { keys, record, fingerprint, signature, observedAddress, signedAt } = registration;
  const fields = {
    sortKey: keys.sortKey,
    name: record.name,
    fingerprint,
    record: JSON.stringify(record),
    signature,
    observedAddress,
    signedAt,
    seenAt: now,
    leaseUntil: now + LEASE_MS,
  };
  return Object.entries(fields).flat();
}

function refusalOf([kind, first = '', second]: string[]): Refusal {
  if (kind === 'taken') return { kind, name: first, freeAt: Number(second) + BINDING_MS };
  if (kind === 'stale') return { kind, newerThan: Number(first) };
  throw new Error(`the script answered ${kind}`);
}

/** Everything that is not Redis' word on the command itself is its absence: closed, timed out, loading, failing over. */
async function withAway<T>(reply: Promise<T>): Promise<T> {
  try {
    return await reply;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error.name === 'ReplyError' && !PASSING_ERRORS.test(error.message)) throw error;
    throw new StoreAway(error.message, { cause: error });
  }
}
