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
import { fillAside } from './registry/fillAside.ts';
import { type LookUpRow, lookUpRatio } from './registry/lookUpRatio.ts';
import {
  benchStores,
  COUNTED_CALLS,
  type LargestCall,
  type StoreRows,
  WARM_UP_CALLS,
} from './registry/storeBench.ts';
import { spreadText } from './statistics.ts';

export interface RegistryTable {
  readonly lookUp: LookUpRow;
  readonly redis: RedisRows;
  readonly sqlite: StoreRows;
}

/** With what Redis says itself: none of its clients can be faster than that. */
export interface RedisRows extends StoreRows {
  readonly slow: SlowCommands;
}

interface SlowCommands {
  /** Commands that took Redis itself longer than SLOW_MICROS, at most 128. */
  readonly count: number;
  readonly slowest: { readonly command: string; readonly ms: number } | undefined;
}

/** Number, seconds of the clock, microseconds, the command and its arguments. */
type SlowLogEntry = readonly [number, number, number, readonly string[]];

const SLOW_MICROS = 1_000;
const QUIET = loggerOf('bench', () => undefined);
/** The directory that all others are compared with. */
const FEW = 10_000;
const NOW = Date.now();

/** `names` in the larger directory: 1,000,000 takes 2 GB of memory for Redis and a few minutes. */
export async function measureRegistry(rounds: number, names: number): Promise<RegistryTable> {
  const sqlite = await measureSqlite(names);
  const server = await startRedisWith({
    settings: { 'slowlog-log-slower-than': `${SLOW_MICROS}`, 'slowlog-max-len': '128' },
  });
  try {
    const lookUp = await lookUpRatio(server.url, rounds);
    const redis = await measureRedis(server.url, names);
    return { lookUp, redis, sqlite };
  } finally {
    await server.stop();
  }
}

async function measureSqlite(names: number): Promise<StoreRows> {
  const folder = mkdtempSync(join(tmpdir(), 'hamta-bench-'));
  const filled = [];
  for (const count of [FEW, names]) {
    const file = join(folder, `${count}.db`);
    await new SqliteStore(file).close();
    await fillAside({ sqlite: file }, count, NOW);
    filled.push({ store: new SqliteStore(file), names: count });
  }
  const rows = await benchStores(filled, NOW);
  await Promise.all(filled.map(({ store }) => store.close()));
  rmSync(folder, { recursive: true });
  return rows;
}

/** One Redis, a database each. */
async function measureRedis(url: string, names: number): Promise<RedisRows> {
  const filled = [];
  for (const [db, count] of [FEW, names].entries()) {
    const place = url.replace(/\/0$/, `/${db}`);
    await fillAside({ redis: place }, count, NOW);
    const redis = await connectRedis(place, QUIET);
    filled.push({ store: new RedisStore(redis), names: count });
  }
  const rows = await benchStores(filled, NOW, () => askOnce(url, (redis) => redis.call('SLOWLOG', 'RESET')));
  await Promise.all(filled.map(({ store }) => store.close()));
  return { ...rows, slow: await slowCommands(url) };
}

/** Of the commands since the log was emptied. */
async function slowCommands(url: string): Promise<SlowCommands> {
  const entries = (await askOnce(url, (redis) => redis.call('SLOWLOG', 'GET', '128'))) as SlowLogEntry[];
  const [slowest] = [...entries].sort(([, , one], [, , other]) => other - one);
  if (slowest === undefined) return { count: 0, slowest: undefined };
  const [, , micros, [command = '']] = slowest;
  return { count: entries.length, slowest: { command, ms: micros / 1_000 } };
}

async function askOnce<T>(url: string, ask: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url);
  try {
    return await ask(redis);
  } finally {
    redis.disconnect();
  }
}

export function printRegistry({ lookUp, redis, sqlite }: RegistryTable): void {
  console.log('\nGET /v1/peers/:name on Redis, 32 connections, in turns, median [min..max]');
  console.log(`  the registry              ${spreadText(lookUp.registry, 0)} requests/s`);
  console.log(`  bare Express and ioredis  ${spreadText(lookUp.bare, 0)} requests/s`);
  console.log(`  ratio                     ${spreadText(lookUp.ratio, 2)}`);
  console.log(`  registrations, each with its signature checked: ${lookUp.registrations.toFixed(0)}/s`);
  printStore('Redis', redis);
  const { count, slowest } = redis.slow;
  const which = slowest === undefined ? '' : `, the slowest ${slowest.ms.toFixed(1)} ms (${slowest.command})`;
  console.log(`  commands that took Redis itself more than ${SLOW_MICROS / 1_000} ms: ${count}${which}`);
  printStore('SQLite file', sqlite);
}

function printStore(name: string, { rows, longestCollectionMs, longestDelayMs }: StoreRows): void {
  const counted = `${COUNTED_CALLS} of each kind after ${WARM_UP_CALLS} that do not count`;
  console.log(`\nSingle calls to the ${name}, one at a time, ${counted}, ms`);
  for (const { names, page, p99, largest } of rows) {
    const calls = Object.entries(p99).map(([call, ms]) => `${call} ${ms.toFixed(2)}`);
    console.log(`  ${names} names: page of 100 p50 ${page.p50.toFixed(2)} p99 ${page.p99.toFixed(2)}`);
    console.log(`    p99 of ${calls.join(', ')}; the largest of all ${shownLargest(largest)}`);
  }
  const [few, many] = rows;
  if (few && many) console.log(`  ratio of p99 of a page: ${(many.page.p99 / few.page.p99).toFixed(2)}`);
  const own = `${longestCollectionMs.toFixed(1)}, its event loop was late by ${longestDelayMs.toFixed(1)}`;
  console.log(`  the longest collection of the process that asks ${own}`);
}

function shownLargest({ call, ms, collectedMs }: LargestCall): string {
  return `${ms.toFixed(1)} (${call}, ${collectedMs.toFixed(1)} of it the asking process' own collector)`;
}
