// What breaks below people who watch each other is mended in less than ten seconds, and nobody's name is lost: real processes,
// real sockets, the engine's own machine behind them. `npm run bench -- --only failover` does the same with many more.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { NAMES_KEY } from '../../../registry-server/store/redisScripts.ts';
import { startRedisWith } from '../../support/redis.ts';
import { startCluster } from '../../support/redisCluster.ts';
import { startSentinels } from '../../support/redisSentinel.ts';
import { breakAmongPeople, type Recovery } from './breakAmongPeople.ts';
import { withTwoInstances } from './twoInstances.ts';

const LOAD = { people: 24, watchedByEach: 15, callsPerSecond: 15 };
const MOST_MS = 10_000;

function assertMended({ backAfterMs, namesLost, callsMade }: Recovery): void {
  assert.ok(backAfterMs < MOST_MS, `${backAfterMs} ms`);
  assert.deepEqual(namesLost, []);
  assert.ok(callsMade > LOAD.callsPerSecond, `${callsMade} calls`);
}

describe('people who watch each other at two instances', function () {
  // Eight processes in the largest case; a Cluster has to form.
  this.timeout(90_000);

  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'hamta-failover-'));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it('see each other rightly within ten seconds after one instance was killed', async () => {
    const redis = await startRedisWith({});
    try {
      const recovery = withTwoInstances(redis.url, (url, [first]) =>
        breakAmongPeople(url, LOAD, () => first.kill()),
      );
      assertMended(await recovery);
    } finally {
      await redis.stop();
    }
  });

  it('see each other rightly within ten seconds after Redis was killed and started anew', async () => {
    const settings = { dir: folder, appendonly: 'yes' };
    let redis = await startRedisWith({ settings });
    const restart = async () => {
      await redis.stop();
      redis = await startRedisWith({ settings, port: redis.port });
    };
    try {
      assertMended(await withTwoInstances(redis.url, (url) => breakAmongPeople(url, LOAD, restart)));
    } finally {
      await redis.stop();
    }
  });

  it('see each other rightly within ten seconds after a master behind Sentinels was killed', async () => {
    const sentinels = await startSentinels();
    const [cut, replicated] = [() => sentinels.killMaster(), () => sentinels.replicated()];
    try {
      const recovery = withTwoInstances(sentinels.url, (url) => breakAmongPeople(url, LOAD, cut, replicated));
      assertMended(await recovery);
    } finally {
      await sentinels.stop();
    }
  });

  it('see each other rightly within ten seconds after a master of a Cluster was killed', async () => {
    const cluster = await startCluster();
    const [cut, replicated] = [() => cluster.killMasterOf(NAMES_KEY), () => cluster.replicated()];
    try {
      const recovery = withTwoInstances(cluster.url, (url) => breakAmongPeople(url, LOAD, cut, replicated));
      assertMended(await recovery);
    } finally {
      await cluster.stop();
    }
  });
});
