// The store for several instances: Redis holds everything, expires records by itself, and is asked for one page at a time.
// A record changes in one step; the directory follows in a second one, and every heartbeat puts it right again.

import type { Millis } from '../../src/base/clock.ts';
import { BINDING_MS, LEASE_MS } from '../../src/contract/registry.ts';
import { type NameKeys, skeletonOf } from '../nameKeys.ts';
import { askRedis } from './askRedis.ts';
import type { RedisClient } from './connectRedis.ts';
import { directoryRange } from './directoryRange.ts';
import { RedisClassic } from './redisClassic.ts';
import {
  classicKey,
  LIST,
  NAMES_KEY,
  peerKey,
  REGISTER,
  RELEASE,
  type SCRIPT_NAMES,
  SEEN_KEY,
  SIGN_OFF,
  UNLIST,
} from './redisScripts.ts';
import {
  type Claim,
  type DirectoryEntry,
  type DirectoryPage,
  type PageQuery,
  type Refusal,
  type RegisterOutcome,
  type Registration,
  type ReleaseOutcome,
  type SignOffOutcome,
  type Store,
  type StoredPeer,
  SWEEP_STEP,
  TOMBSTONE_MS,
} from './store.ts';

type Script = (...keysAndArguments: (string | number)[]) => Promise<string[]>;

type Scripted = RedisClient & Readonly<Record<(typeof SCRIPT_NAMES)[number], Script>>;

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

export class RedisStore implements Store {
  readonly classic: RedisClassic;
  readonly #redis: Scripted;

  /** Takes the client over: `close` ends its connection. */
  constructor(redis: RedisClient) {
    redis.defineCommand('hamtaRegister', { lua: REGISTER, numberOfKeys: 2 });
    redis.defineCommand('hamtaSignOff', { lua: SIGN_OFF, numberOfKeys: 1 });
    redis.defineCommand('hamtaRelease', { lua: RELEASE, numberOfKeys: 1 });
    redis.defineCommand('hamtaList', { lua: LIST, numberOfKeys: 2 });
    redis.defineCommand('hamtaUnlist', { lua: UNLIST, numberOfKeys: 2 });
    this.#redis = redis as Scripted;
    this.classic = new RedisClassic(redis);
  }

  async register(registration: Registration, now: Millis): Promise<RegisterOutcome> {
    const [peer = '', ...claim] = claimOf(registration, now);
    const args = [peer, classicKey(registration.keys.skeleton), ...claim, ...fieldsOf(registration, now)];
    const reply = await this.#claim(registration, () => this.#redis.hamtaRegister(...args), 'refreshed');
    const [kind, before = '', ...displaced] = reply;
    if (kind !== 'created' && kind !== 'refreshed') return refusalOf(reply);
    if (displaced.length > 0) await this.classic.unlist(displaced);
    await this.#list(registration.keys.sortKey, before, now);
    return { kind };
  }

  async signOff(claim: Claim, now: Millis): Promise<SignOffOutcome> {
    const args = claimOf(claim, now);
    const reply = await this.#claim(claim, () => this.#redis.hamtaSignOff(...args), 'signedOff');
    const [kind, sortKey = ''] = reply;
    if (kind === 'unknown') return { kind };
    if (kind !== 'signedOff') return refusalOf(reply);
    if (sortKey !== '') await this.#list(sortKey, sortKey, now);
    return { kind };
  }

  async release(claim: Claim, now: Millis): Promise<ReleaseOutcome> {
    const args = [...claimOf(claim, now), TOMBSTONE_MS];
    const reply = await askRedis(async (isRepeated) => {
      const answer = await this.#redis.hamtaRelease(...args);
      return isRepeated && answer[0] === 'unknown' ? ['released', claim.keys.sortKey] : answer;
    });
    const [kind, sortKey = ''] = reply;
    if (kind === 'unknown') return { kind };
    if (kind !== 'released') return refusalOf(reply);
    await askRedis(() => this.#redis.hamtaUnlist(NAMES_KEY, SEEN_KEY, sortKey, now));
    return { kind };
  }

  async find({ skeleton, sortKey }: NameKeys, now: Millis): Promise<StoredPeer | undefined> {
    const key = peerKey(skeleton);
    const [heldSortKey, ...fields] = await askRedis(() => this.#redis.hmget(key, ...PEER_FIELDS));
    if (heldSortKey !== sortKey) return undefined;
    const [recordText, signature, fingerprint, observedAddress, seenAt, leaseUntil] = fields as string[];
    const peer = { recordText, signature, fingerprint, observedAddress };
    const presence = { lastSeenAt: Number(seenAt), leaseUntil: Number(leaseUntil) };
    return aliveAt(now, { ...peer, ...presence } as StoredPeer);
  }

  /** Reads one name more than the page has, to know whether there are more. */
  async page(query: PageQuery, now: Millis): Promise<DirectoryPage> {
    const { from, end } = directoryRange(query);
    const sortKeys = await askRedis(() =>
      this.#redis.zrange(NAMES_KEY, `[${from}`, `(${end}`, 'BYLEX', 'LIMIT', 0, query.limit + 1),
    );
    const looked = sortKeys.slice(0, query.limit);
    const entries = await askRedis(() => Promise.all(looked.map((sortKey) => this.#entry(sortKey, now))));
    return {
      entries: entries.filter((entry) => entry !== undefined),
      next: sortKeys.length > query.limit ? looked.at(-1) : undefined,
    };
  }

  /** Asks for a key, not for a word: on a Cluster that is away as a whole, every node would still say PONG. */
  async ping(): Promise<void> {
    await askRedis(() => this.#redis.exists(NAMES_KEY));
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

  /** A claim that finds itself when it is repeated had been heard the first time, though its answer was lost. */
  async #claim({ keys, signedAt }: Claim, ask: () => Promise<string[]>, done: string): Promise<string[]> {
    return askRedis(async (isRepeated) => {
      const reply = await ask();
      const isItself = isRepeated && reply[0] === 'stale' && Number(reply[1]) === signedAt;
      return isItself ? [done, keys.sortKey] : reply;
    });
  }

  async #list(sortKey: string, before: string, now: Millis): Promise<void> {
    const args = [sortKey, now, before, now - BINDING_MS, SWEEP_STEP];
    await askRedis(() => this.#redis.hamtaList(NAMES_KEY, SEEN_KEY, ...args));
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
