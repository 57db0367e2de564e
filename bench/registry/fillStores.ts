// Many names at once, past the store's own calls: what it would have written, in large steps.

import { DatabaseSync } from 'node:sqlite';
import type { Redis } from 'ioredis';
import { directoryText } from '../../registry-server/store/directoryText.ts';
import { peerFieldsOf } from '../../registry-server/store/peerFields.ts';
import { ENTRIES_KEY, NAMES_KEY, peerKey, SEEN_KEY } from '../../registry-server/store/redisScripts.ts';
import { BINDING_MS } from '../../src/contract/registry.ts';
import { madeUpPeer } from './madeUpPeers.ts';

const STEP = 2_000;

/** Names from `from` up to `to`, into a file that a SqliteStore has made. */
export function fillSqlite(file: string, from: number, to: number, now: number): void {
  const db = new DatabaseSync(file);
  const put = db.prepare(`
    INSERT INTO peer
      (sortKey, skeleton, name, fingerprint, record, signature, observedAddress, signedAt, seenAt, leaseUntil)
    VALUES
      (:sortKey, :skeleton, :name, :fingerprint, :record, :signature, :observedAddress, :signedAt, :seenAt, :leaseUntil)`);
  db.exec('PRAGMA synchronous = OFF; PRAGMA cache_size = -262144; BEGIN');
  for (let index = from; index < to; index++) {
    const peer = madeUpPeer(index, now);
    put.run({ skeleton: peer.keys.skeleton, ...peerFieldsOf(peer, now) });
  }
  db.exec('COMMIT');
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  db.close();
}

export async function fillRedis(redis: Redis, from: number, to: number, now: number): Promise<void> {
  for (let start = from; start < to; start += STEP) {
    const pipeline = redis.pipeline();
    const names: (string | number)[] = [];
    const entries: string[] = [];
    const seen: (string | number)[] = [];
    for (let index = start; index < Math.min(to, start + STEP); index++) {
      const peer = madeUpPeer(index, now);
      const { sortKey, skeleton } = peer.keys;
      const fields = peerFieldsOf(peer, now);
      pipeline.hset(peerKey(skeleton), fields);
      pipeline.pexpire(peerKey(skeleton), BINDING_MS);
      names.push(0, sortKey);
      entries.push(skeleton, directoryText(fields));
      seen.push(now, skeleton);
    }
    pipeline.zadd(NAMES_KEY, ...names);
    pipeline.hset(ENTRIES_KEY, ...entries);
    pipeline.zadd(SEEN_KEY, ...seen);
    await pipeline.exec();
  }
}
