// A Redis Cluster of three masters with a replica each, as real processes on loopback, formed by redis-cli.

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { startRedisWith, type TestRedis } from './redis.ts';
import { until } from './until.ts';

export interface TestCluster {
  /** redis+cluster://… */
  readonly url: string;
  /** Runs something on each master that there is now. */
  onMasters<T>(ask: (client: Redis) => Promise<T>): Promise<T[]>;
  /** Resolves once the replicas have everything that the masters have. */
  replicated(): Promise<void>;
  /** Ends the master that holds `key`. */
  killMasterOf(key: string): Promise<void>;
  stop(): Promise<void>;
}

const MASTERS = 3;
const FORM_DEADLINE_MS = 40_000;

export async function startCluster(): Promise<TestCluster> {
  const folder = mkdtempSync(path.join(tmpdir(), 'hamta-cluster-'));
  const nodes = await Promise.all(Array.from({ length: 2 * MASTERS }, (_, i) => startNode(folder, i)));
  const clients = nodes.map(clientOf);
  const stop = async () => {
    for (const client of clients) client.disconnect();
    await Promise.all(nodes.map((node) => node.stop()));
    rmSync(folder, { recursive: true });
  };
  try {
    await form(nodes);
    await until('a Cluster that is whole', FORM_DEADLINE_MS, () => isWhole(clients));
  } catch (error) {
    await stop();
    throw error;
  }
  const masters = () => mastersOf(clients);
  return {
    url: `redis+cluster://127.0.0.1:${nodes[0]?.port},127.0.0.1:${nodes[1]?.port}`,
    onMasters: async (ask) => Promise.all((await masters()).map(ask)),
    replicated: async () => {
      const all = await masters();
      await until('the replicas', FORM_DEADLINE_MS, async () => {
        const counts = await Promise.all(all.map((client) => client.wait(1, 1_000)));
        return counts.every((count) => count >= 1);
      });
    },
    killMasterOf: async (key) => {
      for (const client of await masters()) {
        if (await holds(client, key)) return nodes[clients.indexOf(client)]?.stop();
      }
      throw new Error(`no master holds ${key}`);
    },
    stop,
  };
}

function startNode(folder: string, index: number): Promise<TestRedis> {
  return startRedisWith({
    settings: {
      'cluster-enabled': 'yes',
      'cluster-config-file': path.join(folder, `nodes-${index}.conf`),
      'cluster-node-timeout': '1000',
      'repl-diskless-sync-delay': '0',
    },
  });
}

/** The first half become masters. */
async function form(nodes: readonly TestRedis[]): Promise<void> {
  const addresses = nodes.map(({ port }) => `127.0.0.1:${port}`);
  const args = ['--cluster', 'create', ...addresses, '--cluster-replicas', '1', '--cluster-yes'];
  await promisify(execFile)(process.env.REDIS_CLI || 'redis-cli', args, { timeout: FORM_DEADLINE_MS });
}

async function isWhole(clients: readonly Redis[]): Promise<boolean> {
  const infos = await Promise.all(clients.map((client) => client.info('replication')));
  const attached = infos.filter((info) => /role:slave[\s\S]*master_link_status:up/.test(info)).length;
  const states = await Promise.all(
    clients.map((client) => client.call('CLUSTER', 'INFO') as Promise<string>),
  );
  return attached === MASTERS && states.every((state) => state.includes('cluster_state:ok'));
}

async function mastersOf(clients: readonly Redis[]): Promise<Redis[]> {
  const roles = await Promise.all(
    clients.map((client) =>
      client.role().then(
        ([role]) => role,
        () => undefined,
      ),
    ),
  );
  return clients.filter((_, i) => roles[i] === 'master');
}

async function holds(client: Redis, key: string): Promise<boolean> {
  return client.exists(key).then(
    (count) => count === 1,
    () => false,
  );
}

function clientOf({ port }: TestRedis): Redis {
  const client = new Redis(port, '127.0.0.1', { retryStrategy: () => null, maxRetriesPerRequest: 0 });
  return client.on('error', () => undefined);
}
