// The store for several instances: Redis holds everything, expires records by itself, and is asked for one page at a time.
// A record changes in one step; the directory, which has its own copy of what a page shows, follows in a second one, and every
// heartbeat puts it right again.

import type { Millis } from '../../src/base/clock.ts';
import { BINDING_MS } from '../../src/contract/registry.ts';
import { type NameKeys, skeletonOf } from '../nameKeys.ts';
import { askRedis } from './askRedis.ts';
import type { RedisClient } from './connectRedis.ts';
import { directoryRange } from './directoryRange.ts';
import { directoryText, type ListedFields, listedFieldsOf } from './directoryText.ts';
import { peerFieldsOf } from './peerFields.ts';
import { RedisClassic } from './redisClassic.ts';
import {
  classicKey,
  ENTRIES_KEY,
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

/** What one step changes together: all in one slot. */
const DIRECTORY = [NAMES_KEY, ENTRIES_KEY, SEEN_KEY];

export class RedisStore implements Store {
  readonly classic: RedisClassic;
  readonly #redis: Scripted;

  /** Takes the client over: `close` ends its connection. */
  constructor(redis: RedisClient) {
    redis.defineCommand('hamtaRegister', { lua: REGISTER, numberOfKeys: 2 });
    redis.defineCommand('hamtaSignOff', { lua: SIGN_OFF, numberOfKeys: 1 });
    redis.defineCommand('hamtaRelease', { lua: RELEASE, numberOfKeys: 1 });
    redis.defineCommand('hamtaList', { lua: LIST, numberOfKeys: 3 });
    redis.defineCommand('hamtaUnlist', { lua: UNLIST, numberOfKeys: 3 });
    this.#redis = redis as Scripted;
    this.classic = new RedisClassic(redis);
  }

  async register(registration: Registration, now: Millis): Promise<RegisterOutcome> {
    const [peer = '', ...claim] = claimOf(registration, now);
    const fields = peerFieldsOf(registration, now);
    const args = [peer, classicKey(registration.keys.skeleton), ...claim, ...Object.entries(fields).flat()];
    const reply = await this.#claim(
      registration,
      () => this.#redis.hamtaRegister(...args),
      () => ['refreshed'],
    );
    const [kind, ...displaced] = reply;
    if (kind !== 'created' && kind !== 'refreshed') return refusalOf(reply);
    if (displaced.length > 0) await this.classic.unlist(displaced);
    await this.#list(fields);
    return { kind };
  }

  async signOff(claim: Claim, now: Millis): Promise<SignOffOutcome> {
    const args = claimOf(claim, now);
    const reply = await this.#claim(
      claim,
      () => this.#redis.hamtaSignOff(...args),
      (held) => ['signedOff', ...held],
    );
    const [kind, name = '', sortKey = ''] = reply;
    if (kind === 'unknown') return { kind };
    if (kind !== 'signedOff') return refusalOf(reply);
    const { fingerprint, signedAt } = claim;
    await this.#list({ sortKey, name, fingerprint, signedAt, seenAt: now, leaseUntil: now });
    return { kind };
  }

  /** Also a name that is free is taken from the directory: whoever gave it up may have died before that step. */
  async release(claim: Claim, now: Millis): Promise<ReleaseOutcome> {
    const args = [...claimOf(claim, now), TOMBSTONE_MS];
    const reply = await askRedis(async (isRepeated) => {
      const answer = await this.#redis.hamtaRelease(...args);
      return isRepeated && answer[0] === 'unknown' ? ['released'] : answer;
    });
    const [kind] = reply;
    if (kind !== 'released' && kind !== 'unknown') return refusalOf(reply);
    await askRedis(() => this.#redis.hamtaUnlist(...DIRECTORY, claim.keys.skeleton, claim.signedAt));
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
    return {
      entries: looked.length === 0 ? [] : await this.#entries(looked, now),
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

  /** Without those that have lapsed or are written otherwise by now. */
  async #entries(sortKeys: readonly string[], now: Millis): Promise<DirectoryEntry[]> {
    const texts = await askRedis(() => this.#redis.hmget(ENTRIES_KEY, ...sortKeys.map(skeletonOf)));
    return texts.flatMap((text, place) => currentEntry(text, sortKeys[place], now) ?? []);
  }

  /** A claim that finds itself when it is repeated had been heard the first time, though its answer was lost. */
  async #claim(
    { signedAt }: Claim,
    ask: () => Promise<string[]>,
    done: (held: string[]) => string[],
  ): Promise<string[]> {
    return askRedis(async (isRepeated) => {
      const reply = await ask();
      const [kind, newerThan, ...held] = reply;
      const isItself = isRepeated && kind === 'stale' && Number(newerThan) === signedAt;
      return isItself ? done(held) : reply;
    });
  }

  async #list(fields: ListedFields): Promise<void> {
    const { sortKey, seenAt } = fields;
    const args = [skeletonOf(sortKey), directoryText(fields), seenAt, seenAt - BINDING_MS, SWEEP_STEP];
    await askRedis(() => this.#redis.hamtaList(...DIRECTORY, ...args));
  }
}

/** Redis lets a record lapse by its own clock; this is the same rule by ours. */
function aliveAt<T extends { readonly lastSeenAt: Millis }>(now: Millis, held: T): T | undefined {
  return held.lastSeenAt + BINDING_MS > now ? held : undefined;
}

function currentEntry(text: string | null, sortKey: string | undefined, now: Millis) {
  const fields = text === null ? undefined : listedFieldsOf(text);
  if (fields === undefined || fields.sortKey !== sortKey) return undefined;
  return aliveAt(now, entryOf(fields));
}

function entryOf({ name, fingerprint, seenAt, leaseUntil }: ListedFields): DirectoryEntry {
  return { name, fingerprint, lastSeenAt: seenAt, leaseUntil };
}

function claimOf({ keys, fingerprint, signedAt }: Claim, now: Millis): (string | number)[] {
  return [peerKey(keys.skeleton), now, BINDING_MS, fingerprint, signedAt];
}

function refusalOf([kind, first = '', second]: string[]): Refusal {
  if (kind === 'taken') return { kind, name: first, freeAt: Number(second) + BINDING_MS };
  if (kind === 'stale') return { kind, newerThan: Number(first) };
  throw new Error(`the script answered ${kind}`);
}
