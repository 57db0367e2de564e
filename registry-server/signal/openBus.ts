// The bus that goes with a store: Redis' own pub/sub where there is Redis, in shards on a Cluster that has them.

import { Cluster } from 'ioredis';
import type { RedisClient } from '../store/connectRedis.ts';
import type { PresenceBus } from './presenceBus.ts';
import { RedisBus } from './redisBus.ts';

/** The first Redis with sharded pub/sub. */
const SHARDED_SINCE = 7;

export async function openBus(redis: RedisClient): Promise<PresenceBus> {
  return new RedisBus(redis, redis instanceof Cluster && (await majorVersion(redis)) >= SHARDED_SINCE);
}

/** 0 when it does not say. */
async function majorVersion(cluster: Cluster): Promise<number> {
  const said = await cluster.info('server').catch(() => '');
  return Number(/redis_version:(\d+)/.exec(said)?.[1] ?? 0);
}
