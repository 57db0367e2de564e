// Fills a store in a thread of its own, so that what a million made-up peers leave behind is not in the heap that is measured.

import { once } from 'node:events';
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { Redis } from 'ioredis';
import { fillRedis, fillSqlite } from './fillStores.ts';

type Place = { readonly redis: string } | { readonly sqlite: string };

interface Order {
  readonly place: Place;
  readonly names: number;
  readonly now: number;
}

/** `place` is the URL of an empty Redis database, or a file that a SqliteStore has made. */
export async function fillAside(place: Place, names: number, now: number): Promise<void> {
  const order: Order = { place, names, now };
  const [code] = await once(new Worker(new URL(import.meta.url), { workerData: order }), 'exit');
  if (code !== 0) throw new Error('a store could not be filled');
}

async function fill({ place, names, now }: Order): Promise<void> {
  if ('sqlite' in place) return fillSqlite(place.sqlite, 0, names, now);
  const redis = new Redis(place.redis);
  await redis.flushdb();
  await fillRedis(redis, 0, names, now);
  redis.disconnect();
}

if (!isMainThread) await fill(workerData as Order);
