// `npm run bench -- --only failover`: two instances behind a balancer and many people who watch each other, while an instance is
// killed, Redis is started anew, and a master dies, behind Sentinels and in a Cluster: how long until all see all others rightly again.

import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { NAMES_KEY } from '../registry-server/store/redisScripts.ts';
import {
  breakAmongPeople,
  type Load,
  type Recovery,
} from '../test/registry-server/failover/breakAmongPeople.ts';
import { type Instances, withTwoInstances } from '../test/registry-server/failover/twoInstances.ts';
import { startRedisWith } from '../test/support/redis.ts';
import { startCluster } from '../test/support/redisCluster.ts';
import { startSentinels } from '../test/support/redisSentinel.ts';

export interface FailoverRow extends Recovery {
  readonly what: string;
  /** Of the machine during the last minute. */
  readonly loadAverage: number;
}

export interface FailoverTable {
  readonly load: Load;
  readonly rows: readonly FailoverRow[];
}

const WATCHED_BY_EACH = 50;
const CALLS_PER_SECOND = 40;
const RESTART_SETTINGS = { appendonly: 'yes' };

export async function measureFailover(people: number): Promise<FailoverTable> {
  const load = { people, watchedByEach: WATCHED_BY_EACH, callsPerSecond: CALLS_PER_SECOND };
  const rows: FailoverRow[] = [];
  for (const [what, measure] of Object.entries(CASES)) {
    const recovery = await measure(load);
    rows.push({ what, ...recovery, loadAverage: loadavg()[0] ?? Number.NaN });
  }
  return { load, rows };
}

export function printFailover({ load, rows }: FailoverTable): void {
  const { people, watchedByEach, callsPerSecond } = load;
  console.log(
    `\n${people} people at two instances, each watching ${watchedByEach} of the others, ${callsPerSecond} calls/s`,
  );
  for (const { what, backAfterMs, callsMade, callsFailed, namesLost, loadAverage } of rows) {
    const calls = `${callsFailed} tries failed of ${callsMade} calls, ${namesLost.length} names lost`;
    console.log(
      `  ${what.padEnd(34)} all right after ${(backAfterMs / 1_000).toFixed(1)} s, ${calls} (load ${loadAverage.toFixed(1)})`,
    );
  }
}

const CASES: Readonly<Record<string, (load: Load) => Promise<Recovery>>> = {
  'one of two instances killed': async (load) => {
    const redis = await startRedisWith({});
    const work = (url: string, [first]: Instances) => breakAmongPeople(url, load, () => first.kill());
    return withTwoInstances(redis.url, work).finally(() => redis.stop());
  },
  'Redis killed and started anew': async (load) => {
    const dir = mkdtempSync(join(tmpdir(), 'hamta-failover-'));
    let redis = await startRedisWith({ settings: { ...RESTART_SETTINGS, dir } });
    const restart = async () => {
      await redis.stop();
      redis = await startRedisWith({ settings: { ...RESTART_SETTINGS, dir }, port: redis.port });
    };
    const work = (url: string) => breakAmongPeople(url, load, restart);
    return withTwoInstances(redis.url, work).finally(async () => {
      await redis.stop();
      rmSync(dir, { recursive: true });
    });
  },
  'a master behind Sentinels killed': async (load) => {
    const sentinels = await startSentinels();
    const cut = () => sentinels.killMaster();
    const work = (url: string) => breakAmongPeople(url, load, cut, () => sentinels.replicated());
    return withTwoInstances(sentinels.url, work).finally(() => sentinels.stop());
  },
  'a master of a Cluster killed': async (load) => {
    const cluster = await startCluster();
    const cut = () => cluster.killMasterOf(NAMES_KEY);
    const work = (url: string) => breakAmongPeople(url, load, cut, () => cluster.replicated());
    return withTwoInstances(cluster.url, work).finally(() => cluster.stop());
  },
};
