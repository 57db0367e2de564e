// The connection to Redis, in each of the three forms that it has: a clear refusal at the start, afterwards one that
// reconnects by itself for as long as it lives, and never a queue of requests that wait for it.

import { Cluster, type ClusterOptions, Redis, type RedisOptions } from 'ioredis';
import { backoffMs } from '../../src/base/backoff.ts';
import type { Millis } from '../../src/base/clock.ts';
import type { Logger } from '../../src/base/logger.ts';
import { reasonOf, StartError } from '../startError.ts';
import { LastingRedis } from './lastingRedis.ts';
import { parseRedisAddress, type RedisAddress } from './redisAddress.ts';

export type RedisClient = Redis | Cluster;

/** A command that takes longer is given up: the caller gets 503 and comes again. */
const COMMAND_TIMEOUT_MS = 2_000;
const CONNECT_TIMEOUT_MS = 5_000;
/** A connection on which nothing is answered for so long is dead without a word: the system would keep it for a quarter of an hour. */
const SILENCE_MS = 5_000;
/** At the latest this long after Redis is back, so are we. */
const RECONNECT = { firstMs: 100, ceilingMs: 2_000 };
/** How often a connection to what became a replica is given up for another: each time, look-ups are refused for a moment. */
const RENEW_MS = 5_000;
/** How often the map of a Cluster is read again: a master that changed while nobody asked is known by then. */
const SLOTS_REFRESH_MS = 5_000;

// No automatic pipelining: it makes look-ups 2 % cheaper, and objects that outlive the collections of young ones, so that each
// of these halts the process for 10 to 20 ms instead of 1.
const FOR_EACH_NODE = {
  connectTimeout: CONNECT_TIMEOUT_MS,
  commandTimeout: COMMAND_TIMEOUT_MS,
  socketTimeout: SILENCE_MS,
  // Whoever asks knows what may be asked twice (askRedis.ts); the client does not.
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
} satisfies RedisOptions;

/** `text` is an address that parseRedisAddress knows. Throws a StartError when Redis does not answer now. */
export async function connectRedis(text: string, log: Logger): Promise<RedisClient> {
  const address = parseRedisAddress(text);
  if (address === undefined) throw new StartError('--redis is not an address of Redis.');
  const road: Road = {
    started: false,
    lastError: undefined,
    renewedAt: Number.NEGATIVE_INFINITY,
    isRenewing: false,
  };
  const redis = clientOf(address, road);
  redis.on('error', (error) => {
    road.lastError = error;
  });
  try {
    await redis.connect();
    await expectDatabase(redis);
    await redis.exists('hamta:{directory}:names');
    await refuseReplica(redis);
  } catch (error) {
    redis.disconnect();
    throw awayAtStart(address.label, road.lastError ?? error);
  }
  road.started = true;
  reportRoad(redis, address.label, log, road);
  return redis;
}

interface Road {
  /** Before, one failure ends the try; afterwards none does. */
  started: boolean;
  lastError: unknown;
  /** When a connection that works was last given up for a new one, which may lead to another Redis. */
  renewedAt: Millis;
  /** That is going on. */
  isRenewing: boolean;
}

function clientOf(address: RedisAddress, road: Road): RedisClient {
  const nextTry = (tries: number) => (road.started ? backoffMs(tries, RECONNECT, Math.random) : undefined);
  const again = (tries: number) => nextTry(tries) ?? null;
  if (address.kind === 'cluster') return new Cluster([...address.nodes], clusterOptions(address, again));
  const options = { ...FOR_EACH_NODE, ...ALONE, reconnectOnError: (error: Error) => isRenewed(road, error) };
  if (address.kind === 'server') return new Redis(address.url, { ...options, retryStrategy: again });
  const { sentinels, master, db } = address;
  const behindSentinels = {
    ...options,
    ...secretsOf(address),
    sentinels: [...sentinels],
    name: master,
    db,
    enableTLSForSentinelMode: address.tls,
    sentinelRetryStrategy: again,
    // A Sentinel's word that the master has changed ends the connection to the old one, even where that still answers.
    failoverDetector: true,
  };
  return new LastingRedis(behindSentinels, nextTry);
}

const ALONE = {
  lazyConnect: true,
  enableOfflineQueue: false,
} satisfies RedisOptions;

/**
 * A failover leaves us on what is now a replica; a new connection finds the new master. Now and then: where it finds the replica
 * again, look-ups go on there.
 */
function isRenewed(road: Road, { message }: Error): boolean {
  const now = performance.now();
  if (!message.startsWith('READONLY') || now < road.renewedAt + RENEW_MS) return false;
  road.renewedAt = now;
  road.isRenewing = true;
  return true;
}

/** Where it is refused, the client by itself goes on with database 0, which may be another registry's. */
async function expectDatabase(redis: RedisClient): Promise<void> {
  if (!(redis instanceof Cluster) && redis.options.db) await redis.select(redis.options.db);
}

/** It would answer look-ups, and take no name. */
async function refuseReplica(redis: RedisClient): Promise<void> {
  if (redis instanceof Cluster) return;
  const said = await redis.info('replication').catch(() => '');
  if (/^role:slave\b/m.test(said) && /^slave_read_only:1\b/m.test(said))
    throw new Error('it is a read-only replica, where no name can be kept');
}

function clusterOptions(
  address: RedisAddress & { kind: 'cluster' },
  again: (tries: number) => number | null,
) {
  return {
    lazyConnect: true,
    enableOfflineQueue: false,
    clusterRetryStrategy: again,
    slotsRefreshInterval: SLOTS_REFRESH_MS,
    // A broken road is our own business, as on a single server; a change of slots is the client's.
    retryDelayOnFailover: 0,
    retryDelayOnClusterDown: 0,
    redisOptions: { ...FOR_EACH_NODE, ...secretsOf(address) },
  } satisfies ClusterOptions;
}

function secretsOf({ username, password, tls }: RedisAddress & { kind: 'sentinel' | 'cluster' }) {
  return {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(tls ? { tls: {} } : {}),
  };
}

/** One line when Redis goes and one when it is back, however often the connection is tried in between. */
function reportRoad(redis: RedisClient, label: string, log: Logger, road: Road): void {
  let away = false;
  redis.on('reconnecting', () => {
    const isOurWish = road.isRenewing;
    road.isRenewing = false;
    if (away || isOurWish) return;
    away = true;
    const cause = reasonOf(road.lastError ?? 'connection closed');
    log.warn(`Redis at ${label} is away (${cause}); answering 503`, { store: label, cause });
  });
  redis.on('ready', () => {
    if (away) log.info(`Redis at ${label} is back`, { store: label });
    away = false;
    road.lastError = undefined;
  });
  if (redis instanceof Cluster) reportNodes(redis, label, log);
}

/** While a master is down, the client adds and removes it with each question to it: only what answers again is there. */
function reportNodes(cluster: Cluster, label: string, log: Logger): void {
  const gone = new Set<string>();
  const nodeOf = ({ options: { host, port } }: Redis) => `${host}:${port}`;
  cluster.on('-node', (node: Redis) => {
    if (gone.has(nodeOf(node))) return;
    gone.add(nodeOf(node));
    log.warn(`node ${nodeOf(node)} of Redis at ${label} is gone`, { store: label });
  });
  cluster.on('+node', (node: Redis) => {
    node.once('ready', () => {
      if (!gone.delete(nodeOf(node))) return;
      log.info(`node ${nodeOf(node)} of Redis at ${label} is there again`, { store: label });
    });
  });
}

function awayAtStart(label: string, error: unknown): StartError {
  return new StartError(
    `no Redis can be used at ${label} (${reasonOf(error)}). Start Redis or correct --redis; ` +
      'without --redis the registry uses its embedded store.',
    { cause: error },
  );
}
