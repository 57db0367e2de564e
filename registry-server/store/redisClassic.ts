// Course clients' records in Redis.
//
//   hamta:classic:{<skeleton>}        hash, one per keyed name that they would be taken for: `s0:Sara` -> when and where; lapses
//   hamta:{classic:<dialect>}:names   sorted set of names by when they were registered: the list, and what to clear away

import type { Millis } from '../../src/base/clock.ts';
import { tidyName } from '../../src/contract/names.ts';
import { BINDING_MS } from '../../src/contract/registry.ts';
import { nameKeysOf } from '../nameKeys.ts';
import { askRedis } from './askRedis.ts';
import {
  CLASSIC_MS,
  type ClassicDialect,
  type ClassicName,
  type ClassicOutcome,
  type ClassicRecords,
  type ClassicRegistration,
  MAX_CLASSIC_NAMES,
} from './classicRecords.ts';
import type { RedisClient } from './connectRedis.ts';
import { CLASSIC_LIST, CLASSIC_REGISTER, classicKey, classicNamesKey, peerKey } from './redisScripts.ts';
import { SWEEP_STEP } from './store.ts';

type Scripted = RedisClient & {
  hamtaClassicRegister(...keysAndArguments: (string | number)[]): Promise<string[]>;
  hamtaClassicList(...keysAndArguments: (string | number)[]): Promise<string[]>;
};

/** Scores are in microseconds, so that those of one moment keep their order. */
const SCORE_PER_MS = 1_000;

export class RedisClassic implements ClassicRecords {
  readonly #redis: Scripted;

  constructor(redis: RedisClient) {
    redis.defineCommand('hamtaClassicRegister', { lua: CLASSIC_REGISTER, numberOfKeys: 2 });
    redis.defineCommand('hamtaClassicList', { lua: CLASSIC_LIST, numberOfKeys: 1 });
    this.#redis = redis as Scripted;
  }

  async register(registration: ClassicRegistration, now: Millis): Promise<ClassicOutcome> {
    const { dialect, name, keys, place, isOnce } = registration;
    const held = `${now} ${place}`;
    const args = [now, BINDING_MS, CLASSIC_MS, fieldOf(registration), held, isOnce ? 1 : 0];
    const [kind, before] = await askRedis(() =>
      this.#redis.hamtaClassicRegister(peerKey(keys.skeleton), classicKey(keys.skeleton), ...args),
    );
    // One that finds itself had been heard the first time, though its answer was lost.
    if (kind === 'bound' || (kind === 'held' && before !== held)) return kind;
    await this.#list(dialect, name, now);
    return 'registered';
  }

  async find(name: ClassicName, now: Millis): Promise<string | undefined> {
    const held = await askRedis(() => this.#redis.hget(classicKey(name.keys.skeleton), fieldOf(name)));
    const [, seenAt, place] = /^(\d+) (.*)$/s.exec(held ?? '') ?? [];
    return Number(seenAt) + CLASSIC_MS > now ? place : undefined;
  }

  async names(dialect: ClassicDialect, now: Millis): Promise<string[]> {
    const lapsed = `(${lapsedScore(now)}`;
    return askRedis(() => this.#redis.zrangebyscore(classicNamesKey(dialect), lapsed, '+inf'));
  }

  /** Takes records from the lists that a keyed registration has taken away. */
  async unlist(fields: readonly string[]): Promise<void> {
    await askRedis(() =>
      Promise.all(
        fields.map((field) => {
          const [dialect = '', name] = splitField(field);
          return this.#redis.zrem(classicNamesKey(dialect), name);
        }),
      ),
    );
  }

  /** Those that fell off the list are forgotten, too; if we die before, they lapse with their hash. */
  async #list(dialect: ClassicDialect, name: string, now: Millis): Promise<void> {
    const args = [name, now * SCORE_PER_MS, lapsedScore(now), MAX_CLASSIC_NAMES, SWEEP_STEP];
    const fallen = await askRedis(() => this.#redis.hamtaClassicList(classicNamesKey(dialect), ...args));
    await askRedis(() => Promise.all(fallen.map((each) => this.#forget(dialect, each))));
  }

  async #forget(dialect: ClassicDialect, name: string): Promise<void> {
    const keys = nameKeysOf(tidyName(name));
    if (keys !== undefined) await this.#redis.hdel(classicKey(keys.skeleton), fieldOf({ dialect, name }));
  }
}

function fieldOf({ dialect, name }: Pick<ClassicName, 'dialect' | 'name'>): string {
  return `${dialect}:${name}`;
}

function splitField(field: string): [dialect: string, name: string] {
  const colon = field.indexOf(':');
  return [field.slice(0, colon), field.slice(colon + 1)];
}

function lapsedScore(now: Millis): number {
  return (now - CLASSIC_MS) * SCORE_PER_MS;
}
