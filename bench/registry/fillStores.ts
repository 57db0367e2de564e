// Many names at once, past the store's own calls: what it would have written, in large steps.

import { DatabaseSync } from 'node:sqlite';
import type { Redis } from 'ioredis';
import { NAMES_KEY, peerKey, SEEN_KEY } from '../../registry-server/store/redisScripts.ts';
import { BINDING_MS, LEASE_MS } from '../../src/contract/registry.ts';
import { madeUpPeer } from './madeUpPeers.ts';

const STEP = 2_000;

/** Names from `from` up to `to`, into a file that a SqliteStore has made. */
export function fillSqlite(file: string, from: number, to: number, now: number): void {
  const db = new DatabaseSync(file);
  const put = db.prepare(`
    INSERT INTO peer
      (sortKey, skeleton, name, fingerprint, record, signature, observedAddress, signedAt, seenAt, leaseUntil)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  db.exec('PRAGMA synchronous = OFF; PRAGMA cache_size = -262144; BEGIN');
  for (let index = from; index < to; index++) {
    const { keys, record, fingerprint, signature, observedAddress } = madeUpPeer(index, now);
    const text = JSON.stringify(record);
    const { sortKey, skeleton } = keys;
    put.run(
      sortKey,
      skeleton,
      record.name,
      fingerprint,
      text,
      signature,
      observedAddress,
      now,
      now,
      now + LEASE_MS,
    );
  }
  db.exec('COMMIT');
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  db.close();
}

export async function fillRedis(redis: Redis, from: number, to: number, now: number): Promise<void> {
  for (let start = from; start < to; start += STEP) {
    const pipeline = redis.pipeline();
    const names: (string | number)[] = [];
    const seen: (string | number)[] = [];
    for (let index = start; index < Math.min(to, start + STEP); index++) {
      const { keys, record, fingerprint, signature, observedAddress } = madeUpPeer(index, now);
      const { sortKey } = keys;
      const said = {
        sortKey,
        name: record.name,
        fingerprint,
        record: JSON.stringify(record),
        signature,
        observedAddress,
      };
      pipeline.hset(peerKey(keys.skeleton), {
        ...said,
        signedAt: now,
        seenAt: now,
        leaseUntil: now + LEASE_MS,
      });
      pipeline.pexpire(peerKey(keys.skeleton), BINDING_MS);
      names.push(0, sortKey);
      seen.push(now, sortKey);
    }
    pipeline.zadd(NAMES_KEY, ...names);
    pipeline.zadd(SEEN_KEY, ...seen);
    await pipeline.exec();
  }
}
