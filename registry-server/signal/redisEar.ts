// The listening end of a Redis bus: a connection of its own that hears until it is lost, and is then thrown away. It never
// reconnects by itself: whether everything is followed again is for its owner to know (redisBus.ts).

import { Cluster, type Redis } from 'ioredis';
import type { RedisClient } from '../store/connectRedis.ts';

export interface EarEvents {
  /** It can be told what to follow. */
  ready(): void;
  heard(channel: string, text: string): void;
  /** Once, and why: from now on something may be missing. */
  lost(error: unknown): void;
}

export interface Ear {
  /** Channels in one command: those of a shard have to be of one slot. */
  readonly batch: number;
  subscribe(channels: readonly string[]): Promise<unknown>;
  unsubscribe(channel: string): Promise<unknown>;
  /** Rejects when somebody who should answer does not. */
  ping(): Promise<unknown>;
  /** Nothing is told any more. */
  close(): void;
}

/** Channels in one command when all are followed again. */
const BATCH = 500;

const UNTIL_LOST = {
  lazyConnect: true,
  autoResubscribe: false,
  maxRetriesPerRequest: 0,
  retryStrategy: () => null,
  sentinelRetryStrategy: () => null,
};

/** Connects. `redis` stays its owner's. On a Cluster, `isSharded` asks for sharded pub/sub, which Redis 7 and later have. */
export function openEar(redis: RedisClient, isSharded: boolean, events: EarEvents): Ear {
  const told = onceLost(events);
  if (redis instanceof Cluster) return clusterEar(clusterClient(redis, isSharded), isSharded, told);
  return plainEar(redis.duplicate({ ...UNTIL_LOST, enableOfflineQueue: false }), told);
}

/** Nothing after `lost`, which comes once, and nothing after `end`. */
function onceLost(events: EarEvents): EarEvents & { end(): void } {
  let isOver = false;
  return {
    ready: () => isOver || events.ready(),
    heard: (channel, text) => isOver || events.heard(channel, text),
    lost: (error) => {
      if (isOver) return;
      isOver = true;
      events.lost(error);
    },
    end: () => {
      isOver = true;
    },
  };
}

type Told = ReturnType<typeof onceLost>;

function plainEar(client: Redis, told: Told): Ear {
  client.on('message', told.heard);
  return {
    batch: BATCH,
    subscribe: (channels) => client.subscribe(...channels),
    unsubscribe: (channel) => client.unsubscribe(channel),
    ping: () => client.ping(),
    close: connected(client, told),
  };
}

/** From nodes that are there now, for those of the start may be gone since. */
function clusterClient(cluster: Cluster, shardedSubscribers: boolean): Cluster {
  const nodes = cluster.nodes('all').map(({ options: { host, port } }) => ({ host, port }));
  return cluster.duplicate(nodes as { host: string; port: number }[], {
    ...{ lazyConnect: true, enableOfflineQueue: true, shardedSubscribers },
    clusterRetryStrategy: () => null,
  });
}

function clusterEar(client: Cluster, isSharded: boolean, told: Told): Ear {
  client.on(isSharded ? 'smessage' : 'message', told.heard);
  loseWithAnyMaster(client, told);
  const shared = {
    ping: () => Promise.all(client.nodes('master').map((node) => node.ping())),
    close: connected(client, told),
  };
  if (isSharded)
    return {
      ...{ ...shared, batch: 1 },
      subscribe: (channels) => client.ssubscribe(...channels),
      unsubscribe: (channel) => client.sunsubscribe(channel),
    };
  return {
    ...{ ...shared, batch: BATCH },
    subscribe: (channels) => client.subscribe(...channels),
    unsubscribe: (channel) => client.unsubscribe(channel),
  };
}

/** A master that goes takes its shard with it, and nothing says when its successor is heard. */
function loseWithAnyMaster(client: Cluster, told: Told): void {
  const masters = new Set<string>();
  const learn = () => {
    for (const node of client.nodes('master')) masters.add(placeOf(node));
  };
  client.on('ready', learn).on('refresh', learn);
  client.on('-node', (node: Redis | null) => {
    if (node !== null && masters.has(placeOf(node))) told.lost(new Error(`${placeOf(node)} is gone`));
  });
}

function placeOf({ options: { host, port } }: Redis): string {
  return `${host}:${port}`;
}

/** Answers how to end it. */
function connected(client: RedisClient, told: Told): () => void {
  client.on('ready', told.ready);
  let last = new Error('connection closed');
  client.on('error', (error) => {
    last = error;
  });
  client.on('close', () => told.lost(last));
  client.connect().catch(told.lost);
  return () => {
    told.end();
    client.disconnect();
  };
}
