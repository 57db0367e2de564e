// The bus of several instances: Redis pub/sub. An ear of its own listens; the store's own connection publishes. Redis keeps nothing
// for whoever is away, so that going and coming back are told. An ear that is lost is replaced by a new one, and everything is
// followed again there: what a client library patches up by itself, nobody could call whole.

import { Cluster } from 'ioredis';
import { backoffMs } from '../../src/base/backoff.ts';
import { reasonOf } from '../startError.ts';
import type { RedisClient } from '../store/connectRedis.ts';
import type { BusListener, PresenceBus } from './presenceBus.ts';
import { type Ear, openEar } from './redisEar.ts';

/** As the store's connection, so that both are back at about the same time. */
const RENEW = { firstMs: 100, ceilingMs: 2_000 };
/** An ear that is dead without a word is found out by then. */
const PING_MS = 5_000;
/** So long may an ear take to connect … */
const OPENING_MS = 10_000;
/** … and to follow some topics. */
const FOLLOW_MS = 3_000;
/** Commands under way when everything is followed again. */
const COMMANDS_AT_ONCE = 64;
const NO_ANSWER = new Error('no answer');

export class RedisBus implements PresenceBus {
  readonly #redis: RedisClient;
  readonly #isSharded: boolean;
  readonly #prefix: string;
  readonly #topics = new Set<string>();
  readonly #pings: NodeJS.Timeout;
  #listener: BusListener | undefined;
  #ear: Ear | undefined;
  #isUp = false;
  #isTold = true;
  #failures = 0;
  /** Until the first ear hears, or is lost: a bus that begins is not away. */
  readonly #begun = Promise.withResolvers<void>();
  #timer: NodeJS.Timeout | undefined;

  /** `redis` stays its owner's. On a Cluster, `isSharded` asks for sharded pub/sub, which Redis 7 and later have. */
  constructor(redis: RedisClient, isSharded = false) {
    this.#redis = redis;
    this.#isSharded = isSharded;
    // Databases of one Redis share their channels; a Cluster has one database.
    this.#prefix = `hamta:${redis instanceof Cluster ? 0 : (redis.options.db ?? 0)}:`;
    this.#pings = setInterval(() => this.#ping(), PING_MS).unref();
  }

  listen(listener: BusListener): void {
    this.#listener = listener;
    this.#open();
  }

  /** On a Cluster without shards every node hears everything, and nobody can count who listens. */
  async publish(topic: string, text: string): Promise<number | undefined> {
    const channel = this.#prefix + topic;
    if (!(this.#redis instanceof Cluster)) return this.#redis.publish(channel, text);
    if (this.#isSharded) return this.#redis.spublish(channel, text) as Promise<number>;
    await this.#redis.publish(channel, text);
    return undefined;
  }

  async follow(topic: string): Promise<void> {
    this.#topics.add(topic);
    const ear = this.#ear;
    // `#followAll` does it.
    if (ear === undefined || !this.#isUp) return this.#begun.promise;
    await inTime(ear.subscribe([this.#prefix + topic])).catch((error) => this.#lost(ear, error));
  }

  unfollow(topic: string): void {
    this.#topics.delete(topic);
    if (this.#isUp) this.#ear?.unsubscribe(this.#prefix + topic).catch(() => undefined);
  }

  close(): void {
    clearInterval(this.#pings);
    clearTimeout(this.#timer);
    this.#begun.resolve();
    this.#listener = undefined;
    this.#ear?.close();
    this.#ear = undefined;
  }

  #open(): void {
    const ear = openEar(this.#redis, this.#isSharded, {
      ready: () => void this.#followAll(ear),
      heard: (channel, text) => this.#listener?.heard(channel.slice(this.#prefix.length), text),
      lost: (error) => this.#lost(ear, error),
    });
    this.#ear = ear;
    this.#timer = setTimeout(() => this.#lost(ear, NO_ANSWER), OPENING_MS).unref();
  }

  /** Topics that are added meanwhile are followed by `follow` itself. */
  async #followAll(ear: Ear): Promise<void> {
    clearTimeout(this.#timer);
    this.#isUp = true;
    const topics = [...this.#topics];
    const step = ear.batch * COMMANDS_AT_ONCE;
    try {
      for (let i = 0; i < topics.length && ear === this.#ear; i += step) {
        // But for those that were unfollowed in between.
        const still = topics.slice(i, i + step).filter((topic) => this.#topics.has(topic));
        const channels = still.map((topic) => this.#prefix + topic);
        await inTime(Promise.all(batchesOf(channels, ear.batch).map(ear.subscribe)));
      }
    } catch (error) {
      return this.#lost(ear, error);
    }
    if (ear === this.#ear) this.#tellBack();
  }

  #tellBack(): void {
    this.#failures = 0;
    this.#begun.resolve();
    if (this.#isTold) return;
    this.#isTold = true;
    this.#listener?.road(true);
  }

  #lost(ear: Ear, error: unknown): void {
    if (ear !== this.#ear) return;
    this.#isUp = false;
    this.#begun.resolve();
    ear.close();
    this.#ear = undefined;
    this.#failures += 1;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#open(), backoffMs(this.#failures, RENEW, Math.random)).unref();
    if (!this.#isTold) return;
    this.#isTold = false;
    this.#listener?.road(false, reasonOf(error));
  }

  #ping(): void {
    const ear = this.#ear;
    if (ear !== undefined && this.#isUp) inTime(ear.ping()).catch((error) => this.#lost(ear, error));
  }
}

function batchesOf<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size));
}

/** A Cluster's client may wait for a node that is gone. */
function inTime<T>(promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(NO_ANSWER), FOLLOW_MS);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
