// `npm run bench -- --only registry`: look-ups against a bare server, registrations, and a directory of many names.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { connectRedis } from '../registry-server/store/connectRedis.ts';
import { RedisStore } from '../registry-server/store/redisStore.ts';
import { SqliteStore } from '../registry-server/store/sqliteStore.ts';
import { loggerOf } from '../src/base/logger.ts';
import { startRedis } from '../test/support/redis.ts';
import { fillRedis, fillSqlite } from './registry/fillStores.ts';
import { type LookUpRow, lookUpRatio } from './registry/lookUpRatio.ts';
import { benchStore, type StoreRow } from './registry/storeBench.ts';
import type { Spread } from './statistics.ts';

export interface RegistryTable {
  readonly lookUp: LookUpRow;
  readonly redis: readonly StoreRow[];
  readonly sqlite: readonly StoreRow[];
}

/** The directory that all others are compared with. */
const FEW = 10_000;
const NOW = Date.now();

/** `names` in the larger directory: 1,000,000 takes 3 GB of memory for Redis and a few minutes. */
export async function measureRegistry(rounds: number, names: number): Promise<RegistryTable> {
  const sqlite = await measureSqlite(names);
  const server = await startRedis();
  const redis = new Redis(server.url);
  try {
    const lookUp = await lookUpRatio(server.url, rounds);
    await redis.flushall();
    return { lookUp, redis: await measureRedis(server.url, redis, names), sqlite };
  } finally {
    redis.disconnect();
    await server.stop();
  }
}

async function measureSqlite(names: number): Promise<StoreRow[]> {
  const rows: StoreRow[] = [];
  for (const count of [FEW, names]) {
    const folder = mkdtempSync(join(tmpdir(), 'hamta-bench-'));
    const file = join(folder, 'registry.db');
    await new SqliteStore(file).close();
    fillSqlite(file, 0, count, NOW);
    const store = new SqliteStore(file);
    rows.push(await benchStore(store, count, NOW));
    await store.close();
    rmSync(folder, { recursive: true });
  }
  return rows;
}

async function measureRedis(url: string, redis: Redis, names: number): Promise<StoreRow[]> {
  const rows: StoreRow[] = [];
  for (const count of [FEW, names]) {
    await redis.flushall();
    await fillRedis(redis, 0, count, NOW);
    const store = new RedisStore(
      await connectRedis(
        url,
        loggerOf('bench', () => undefined),
      ),
    );
    rows.push(await benchStore(store, count, NOW));
    await store.close();
  }
  return rows;
}

export function printRegistry({ lookUp, redis, sqlite }: RegistryTable): void {
  console.log('\nGET /v1/peers/:name on Redis, 32 connections, in turns, median [min..max]');
  console.log(`  the registry              ${shown(lookUp.registry, 0)} requests/s`);
  console.log(`  bare Express and ioredis  ${shown(lookUp.bare, 0)} requests/s`);
  console.log(`  ratio                     ${shown(lookUp.ratio, 2)}`);
  console.log(`  registrations, each with its signature checked: ${lookUp.registrations.toFixed(0)}/s`);
  printStore('Redis', redis);
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
