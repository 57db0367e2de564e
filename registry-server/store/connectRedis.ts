// The connection to Redis: a clear refusal at the start, and while Redis is away every request fails at once instead of waiting.

import { Redis, type RedisOptions } from 'ioredis';
import { backoffMs } from '../../src/base/backoff.ts';
import type { Logger } from '../../src/base/logger.ts';
import { reasonOf, StartError } from '../startError.ts';
import { redisLabel } from './redisLabel.ts';
import { SCRIPT_NAMES } from './redisStore.ts';

/** A command that takes longer is given up: the caller gets 503 and comes again. */
const COMMAND_TIMEOUT_MS = 2_000;
const CONNECT_TIMEOUT_MS = 5_000;
/** At the latest this long after Redis is back, so are we. */
const RECONNECT = { firstMs: 100, ceilingMs: 2_000 };

const OPTIONS = {
  lazyConnect: true,
  connectTimeout: CONNECT_TIMEOUT_MS,
  commandTimeout: COMMAND_TIMEOUT_MS,
  // No queue while it is away, and nothing is sent twice: the peers' own heartbeats are the repetition.
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
  enableAutoPipelining: true,
  autoPipeliningIgnoredCommands: SCRIPT_NAMES,
  // A failover leaves us on what is now a replica; a new connection finds the new master.
  reconnectOnError: (error: Error) => error.message.startsWith('READONLY'),
} satisfies RedisOptions;

/** Throws a StartError when Redis does not answer now. Afterwards the client reconnects by itself for as long as it lives. */
export async function connectRedis(url: string, log: Logger): Promise<Redis> {
  let started = false;
  let lastError: unknown;
  const redis = new Redis(url, {
    ...OPTIONS,
    retryStrategy: (tries) => (started ? backoffMs(tries, RECONNECT, Math.random) : null),
  });
  redis.on('error', (error) => {
    lastError = error;
  });
  try {
    await redis.connect();
  } catch (error) {
    redis.disconnect();
    throw awayAtStart(url, lastError ?? error);
  }
  started = true;
  reportRoad(redis, url, log, () => lastError);
  return redis;
}

/** One line when Redis goes and one when it is back, however often the connection is tried in between. */
function reportRoad(redis: Redis, url: string, log: Logger, lastError: () => unknown): void {
  let away = false;
  redis.on('reconnecting', () => {
    if (away) return;
    away = true;
    log.warn(
      `Redis at ${redisLabel(url)} is away (${reasonOf(lastError() ?? 'connection closed')}); answering 503`,
    );
  });
  redis.on('ready', () => {
    if (away) log.info(`Redis at ${redisLabel(url)} is back`);
    away = false;
  });
}

function awayAtStart(url: string, error: unknown): StartError {
  const label = redisLabel(url);
  return new StartError(
    `no Redis can be used at ${label} (${reasonOf(error)}). Start Redis or correct --redis; ` +
      'without --redis the registry uses its embedded store.',
    { cause: error },
  );
}
