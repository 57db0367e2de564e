// The bus of several instances: Redis pub/sub. A second connection listens; the store's own one publishes. Redis keeps nothing
// for whoever is away, so that going and coming back are told.

import { Cluster, type Redis } from 'ioredis';
import { backoffMs } from '../../src/base/backoff.ts';
import type { RedisClient } from '../store/connectRedis.ts';
import type { BusListener, PresenceBus } from './presenceBus.ts';

/** As the store's connection, so that both are back at about the same time. */
const RECONNECT = { firstMs: 100, ceilingMs: 2_000 };
/** A connection that is dead without a word is found out by then. */
const PING_MS = 5_000;
/** So long may one command take to follow topics again. */
const FOLLOW_MS = 3_000;
/** Topics in one command when all are followed again. */
const BATCH = 500;

/** The listening connection, of either kind of Redis. */
interface Ear {
  readonly client: RedisClient;
  readonly messageEvent: 'message' | 'smessage';
  readonly batch: number;
  subscribe(channels: readonly string[]): Promise<unknown>;
  unsubscribe(channel: string): Promise<unknown>;
  /** How many heard it, or undefined. */
  publish(channel: string, text: string): Promise<number | undefined>;
  /** Rejects when nobody answers. */
  ping(): Promise<unknown>;
}

export class RedisBus implements PresenceBus {
  readonly #ear: Ear;
  readonly #prefix: string;
  readonly #topics = new Set<string>();
  readonly #pings: NodeJS.Timeout;
  #listener: BusListener | undefined;
  #isUp = false;
  #isTold = true;
  /** Of following everything again: a later one is the one that counts. */
  #turn = 0;
  #soon: NodeJS.Timeout | undefined;

  /** `redis` stays its owner's. On a Cluster, `isSharded` asks for sharded pub/sub, which Redis 7 and later have. */
  constructor(redis: RedisClient, isSharded = false) {
    this.#ear = redis instanceof Cluster ? clusterEar(redis, isSharded) : earOf(redis);
    // Databases of one Redis share their channels; a Cluster has one database.
    this.#prefix = `hamta:${redis instanceof Cluster ? 0 : (redis.options.db ?? 0)}:`;
    this.#pings = setInterval(() => this.#ping(), PING_MS).unref();
  }

  listen(listener: BusListener): void {
    const { client, messageEvent } = this.#ear;
    this.#listener = listener;
    client.on(messageEvent, (channel: string, text: string) => {
      this.#listener?.heard(channel.slice(this.#prefix.length), text);
    });
    client.on('ready', () => void this.#followAll());
    client.on('close', () => this.#lost());
    // What it was about is told by `close`.
    client.on('error', () => undefined);
    if (client instanceof Cluster) client.on('-node', () => this.#nodeLost());
    client.connect().catch(() => undefined);
  }

  async publish(topic: string, text: string): Promise<number | undefined> {
    return this.#ear.publish(this.#prefix + topic, text);
  }

  async follow(topic: string): Promise<void> {
    this.#topics.add(topic);
    // Else `#followAll` does it; a connection that breaks now comes back to that.
    if (this.#isUp) await this.#ear.subscribe([this.#prefix + topic]).catch(() => undefined);
  }

  unfollow(topic: string): void {
    this.#topics.delete(topic);
    if (this.#isUp) this.#ear.unsubscribe(this.#prefix + topic).catch(() => undefined);
  }

  close(): void {
    clearInterval(this.#pings);
    clearTimeout(this.#soon);
    this.#turn += 1;
    this.#listener = undefined;
    this.#ear.client.disconnect();
  }

  /** Topics that are added meanwhile are followed by `follow` itself, in the order of the connection. */
  async #followAll(): Promise<void> {
    this.#isUp = true;
    const turn = ++this.#turn;
    const { batch } = this.#ear;
    const channels = [...this.#topics].map((topic) => this.#prefix + topic);
    try {
      for (let i = 0; i < channels.length && turn === this.#turn; i += batch)
        await inTime(this.#ear.subscribe(channels.slice(i, i + batch)));
    } catch {
      if (turn === this.#turn) this.#tryAgain();
      return;
    }
    if (!this.#isUp || this.#isTold || turn !== this.#turn) return;
    this.#isTold = true;
    this.#listener?.road(true);
  }

  /** On a Cluster, a master that has died has no successor yet; the other roads are good. */
  #tryAgain(): void {
    const { client } = this.#ear;
    if (client instanceof Cluster) this.#followSoon();
    else client.disconnect(true);
  }

  #followSoon(): void {
    clearTimeout(this.#soon);
    this.#soon = setTimeout(() => void this.#followAll(), RECONNECT.ceilingMs).unref();
  }

  #lost(): void {
    this.#isUp = false;
    this.#tellLost();
  }

  /** One master of several: its topics are followed at another one soon, and nothing says when. */
  #nodeLost(): void {
    this.#tellLost();
    this.#followSoon();
  }

  #tellLost(): void {
    if (!this.#isTold) return;
    this.#isTold = false;
    this.#listener?.road(false);
  }

  #ping(): void {
    if (this.#isUp) this.#ear.ping().catch(() => this.#ear.client.disconnect(true));
  }
}

/** A Cluster's client may wait for a node that is gone. */
function inTime<T>(promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('no answer')), FOLLOW_MS);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

const RECONNECTING = {
  lazyConnect: true,
  enableOfflineQueue: false,
  autoResubscribe: false,
  maxRetriesPerRequest: 0,
  retryStrategy: (tries: number) => backoffMs(tries, RECONNECT, Math.random),
};

function earOf(redis: Redis): Ear {
  const client = redis.duplicate(RECONNECTING);
  return {
    ...{ client, messageEvent: 'message', batch: BATCH },
    subscribe: (channels) => client.subscribe(...channels),
    unsubscribe: (channel) => client.unsubscribe(channel),
    publish: (channel, text) => redis.publish(channel, text),
    ping: () => client.ping(),
  };
}

/** Without shards, every node hears everything, and nobody can count who listens. */
function clusterEar(cluster: Cluster, isSharded: boolean): Ear {
  const client = cluster.duplicate(undefined, {
    ...{ lazyConnect: true, enableOfflineQueue: true, shardedSubscribers: isSharded },
    clusterRetryStrategy: RECONNECTING.retryStrategy,
  });
  const ping = () => client.ping();
  if (isSharded)
    return {
      // Channels of one command would have to be of one shard.
      ...{ client, messageEvent: 'smessage', batch: 1, ping },
      subscribe: (channels) => client.ssubscribe(...channels),
      unsubscribe: (channel) => client.sunsubscribe(channel),
      publish: (channel, text) => cluster.spublish(channel, text) as Promise<number>,
    };
  return {
    ...{ client, messageEvent: 'message', batch: BATCH, ping },
    subscribe: (channels) => client.subscribe(...channels),
    unsubscribe: (channel) => client.unsubscribe(channel),
    publish: (channel, text) => cluster.publish(channel, text).then(() => undefined),
  };
}
