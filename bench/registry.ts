// `npm run bench -- --only registry`: look-ups against a bare server, registrations, and a directory of many names.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { connectRedis } from '../registry-server/store/connectRedis.ts';
import { RedisStore } from '../registry-server/store/redisStore.ts';
import { SqliteStore } from '../registry-server/store/sqliteStore.ts';
import { loggerOf } from '../src/base/logger.ts';
import { startRedisWith } from '../test/support/redis.ts';
import { fillRedis, fillSqlite } from './registry/fillStores.ts';
import { type LookUpRow, lookUpRatio } from './registry/lookUpRatio.ts';
import { benchStores, type StoreRow } from './registry/storeBench.ts';
import type { Spread } from './statistics.ts';

export interface RegistryTable {
  readonly lookUp: LookUpRow;
  readonly redis: readonly StoreRow[];
  /** Inside Redis itself, ms: what none of its clients can be faster than. Undefined below 1 ms. */
  readonly slowestInRedisMs: number | undefined;
  readonly sqlite: readonly StoreRow[];
}

/** The directory that all others are compared with. */
const FEW = 10_000;
const NOW = Date.now();

/** `names` in the larger directory: 1,000,000 takes 2 GB of memory for Redis and a few minutes. */
export async function measureRegistry(rounds: number, names: number): Promise<RegistryTable> {
  const sqlite = await measureSqlite(names);
  const server = await startRedisWith({
    settings: { 'slowlog-log-slower-than': '1000', 'slowlog-max-len': '128' },
  });
  try {
    const lookUp = await lookUpRatio(server.url, rounds);
    const redis = await measureRedis(server.url, names);
    return { lookUp, redis, slowestInRedisMs: await slowestIn(server.url), sqlite };
  } finally {
    await server.stop();
  }
}

async function measureSqlite(names: number): Promise<StoreRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'hamta-bench-'));
  const filled = await Promise.all(
    [FEW, names].map(async (count) => {
      const file = join(folder, `${count}.db`);
      await new SqliteStore(file).close();
      fillSqlite(file, 0, count, NOW);
      return { store: new SqliteStore(file), names: count };
    }),
  );
  const rows = await benchStores(filled, NOW);
  await Promise.all(filled.map(({ store }) => store.close()));
  rmSync(folder, { recursive: true });
  return rows;
}

/** One Redis, a database each. */
async function measureRedis(url: string, names: number): Promise<StoreRow[]> {
  const filled = await Promise.all(
    [FEW, names].map(async (count, db) => {
      const place = url.replace(/\/0$/, `/${db}`);
      const filler = new Redis(place);
      await filler.flushdb();
      await fillRedis(filler, 0, count, NOW);
      filler.disconnect();
      const redis = await connectRedis(
        place,
        loggerOf('bench', () => undefined),
      );
      return { store: new RedisStore(redis), names: count };
    }),
  );
  await askOnce(url, (redis) => redis.call('SLOWLOG', 'RESET'));
  const rows = await benchStores(filled, NOW);
  await Promise.all(filled.map(({ store }) => store.close()));
  return rows;
}

/** Of the commands since the log was emptied, from 1 ms on. */
async function slowestIn(url: string): Promise<number | undefined> {
  const entries = (await askOnce(url, (redis) => redis.call('SLOWLOG', 'GET', '128'))) as [
    number,
    number,
    number,
  ][];
  return entries.length === 0 ? undefined : Math.max(...entries.map(([, , micros]) => micros)) / 1_000;
}

async function askOnce<T>(url: string, ask: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url);
  try {
    return await ask(redis);
  } finally {
    redis.disconnect();
  }
}

export function printRegistry({ lookUp, redis, slowestInRedisMs, sqlite }: RegistryTable): void {
  console.log('\nGET /v1/peers/:name on Redis, 32 connections, in turns, median [min..max]');
  console.log(`  the registry              ${shown(lookUp.registry, 0)} requests/s`);
  console.log(`  bare Express and ioredis  ${shown(lookUp.bare, 0)} requests/s`);
  console.log(`  ratio                     ${shown(lookUp.ratio, 2)}`);
  console.log(`  registrations, each with its signature checked: ${lookUp.registrations.toFixed(0)}/s`);
  printStore('Redis', redis);
  console.log(`  the slowest command inside Redis: ${slowestInRedisMs?.toFixed(1) ?? 'less than 1'} ms`);
  printStore('SQLite file', sqlite);
}

function printStore(name: string, rows: readonly StoreRow[]): void {
  console.log(`\nSingle calls to the ${name}, ms`);
  for (const { names, page, p99, largestMs, largestCall } of rows) {
    const calls = Object.entries(p99).map(([call, ms]) => `${call} ${ms.toFixed(2)}`);
    console.log(`  ${names} names: page of 100 p50 ${page.p50.toFixed(2)} p99 ${page.p99.toFixed(2)}`);
    console.log(
      `    p99 of ${calls.join(', ')}; the largest of all ${largestMs.toFixed(1)} (${largestCall})`,
    );
  }
  const [few, many] = rows;
  if (few && many) console.log(`  ratio of p99 of a page: ${(many.page.p99 / few.page.p99).toFixed(2)}`);
}

function shown({ median, min, max }: Spread, digits: number): string {
  return `${median.toFixed(digits)} [${min.toFixed(digits)}..${max.toFixed(digits)}]`;
}
