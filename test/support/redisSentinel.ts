// A master with a replica and three Sentinels that watch them, as real processes on loopback.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Redis } from 'ioredis';
import { startRedisWith, type TestRedis } from './redis.ts';
import { until } from './until.ts';

export interface TestSentinels {
  /** redis+sentinel://… */
  readonly url: string;
  /** A connection to the master of the beginning; it does not come back when that ends. */
  readonly watcher: Redis;
  /** Resolves once the replica has everything that the master has. */
  replicated(): Promise<void>;
  killMaster(): Promise<void>;
  stop(): Promise<void>;
}

const SENTINELS = 3;
const FORM_DEADLINE_MS = 20_000;

export async function startSentinels(): Promise<TestSentinels> {
  const folder = mkdtempSync(path.join(tmpdir(), 'hamta-sentinel-'));
  const master = await startRedisWith({});
  const replica = await startRedisWith({
    settings: { replicaof: `127.0.0.1 ${master.port}`, 'repl-diskless-sync-delay': '0' },
  });
  const sentinels = await Promise.all(
    Array.from({ length: SENTINELS }, () =>
      startRedisWith({ sentinelFile: (port) => sentinelFile(folder, port, master.port) }),
    ),
  );
  const watcher = quiet(master);
  await until('Sentinels that know each other and the replica', FORM_DEADLINE_MS, () => areFormed(sentinels));
  return {
    url: `redis+sentinel://${sentinels.map(({ port }) => `127.0.0.1:${port}`).join(',')}/hamta`,
    watcher,
    replicated: () => until('the replica', FORM_DEADLINE_MS, async () => (await watcher.wait(1, 1_000)) >= 1),
    killMaster: () => master.stop(),
    stop: async () => {
      watcher.disconnect();
      await Promise.all([master, replica, ...sentinels].map((each) => each.stop()));
      rmSync(folder, { recursive: true });
    },
  };
}

function sentinelFile(folder: string, port: number, masterPort: number): string {
  const file = path.join(folder, `sentinel-${port}.conf`);
  const lines = [
    `port ${port}`,
    'bind 127.0.0.1',
    `dir "${folder}"`,
    `sentinel monitor hamta 127.0.0.1 ${masterPort} 2`,
    'sentinel down-after-milliseconds hamta 1000',
    'sentinel failover-timeout hamta 4000',
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

async function areFormed(sentinels: readonly TestRedis[]): Promise<boolean> {
  const known = await Promise.all(sentinels.map((each) => askOnce(each, knowsOthers)));
  return known.every(Boolean);
}

async function knowsOthers(sentinel: Redis): Promise<boolean> {
  const told = (await sentinel.call('SENTINEL', 'MASTER', 'hamta')) as string[];
  const field = (name: string) => Number(told[told.indexOf(name) + 1]);
  return field('num-slaves') === 1 && field('num-other-sentinels') === SENTINELS - 1;
}

async function askOnce<T>(server: TestRedis, ask: (client: Redis) => Promise<T>): Promise<T> {
  const client = quiet(server);
  try {
    return await ask(client);
  } finally {
    client.disconnect();
  }
}

function quiet({ port }: TestRedis): Redis {
  const client = new Redis(port, '127.0.0.1', { retryStrategy: () => null, connectTimeout: 2_000 });
  return client.on('error', () => undefined);
}
