// The Redis store on a Cluster of three masters: the common suite, and a master that dies under load.

import assert from 'node:assert/strict';
import { connectRedis } from '../../../registry-server/store/connectRedis.ts';
import { NAMES_KEY, peerKey } from '../../../registry-server/store/redisScripts.ts';
import { RedisStore } from '../../../registry-server/store/redisStore.ts';
import { loggerOf } from '../../../src/base/logger.ts';
import { startCluster, type TestCluster } from '../../support/redisCluster.ts';
import { registrationOf } from './registrationOf.ts';
import { storeSuite } from './storeSuite.ts';
import { breakUnderLoad } from './underLoad.ts';

const NOW = 1_800_000_000_000;

describe('the Redis store on a Cluster', function () {
  // Six processes that have to agree, and a failover.
  this.timeout(90_000);

  let cluster: TestCluster;
  let store: RedisStore;
  let lines: string[];

  before(async () => {
    cluster = await startCluster();
  });

  beforeEach(async () => {
    await cluster.onMasters((client) => client.flushall());
    lines = [];
    const log = loggerOf('store', ({ text }) => lines.push(text));
    store = new RedisStore(await connectRedis(cluster.url, log));
  });

  afterEach(() => store.close());

  after(() => cluster.stop());

  const countKept = async () => {
    const counts = await cluster.onMasters((client) => client.zcard(NAMES_KEY).catch(() => 0));
    return counts.reduce((sum, count) => sum + count, 0);
  };

  storeSuite(async () => ({ store, countKept }));

  it('spreads the names over the masters and gives them back as one directory', async () => {
    const names = Array.from({ length: 60 }, (_, i) => `peer ${String(i).padStart(2, '0')}`);
    await Promise.all(names.map((name) => store.register(registrationOf(name, NOW), NOW)));
    const sizes = await cluster.onMasters((client) => client.dbsize());
    assert.ok(
      sizes.every((size) => size > 5),
      sizes.join(),
    );
    const { entries } = await store.page({ prefix: '', after: undefined, limit: 100 }, NOW);
    assert.deepEqual(
      entries.map(({ name }) => name),
      names,
    );
  });

  describe('when a master dies', () => {
    it('is back in less than 10 s with every name, under load, and says once that a node is gone', async () => {
      const cut = () => cluster.killMasterOf(peerKey(registrationOf('peer 0', NOW).keys.skeleton));
      const { backAfterMs, statuses, names } = await breakUnderLoad(store, () => cluster.replicated(), cut);
      assert.ok(backAfterMs < 10_000, `${backAfterMs}`);
      assert.equal(statuses.get(201), names.length);
      for (const name of names) {
        const now = Date.now();
        assert.ok(await store.find(registrationOf(name, now).keys, now), name);
      }
      assert.equal(lines.filter((line) => line.endsWith('is gone')).length, 1, lines.join('\n'));
    });
  });
});
