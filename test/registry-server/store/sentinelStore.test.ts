// The Redis store where Sentinels say who the master is: the common suite, and a master that dies under load.

import assert from 'node:assert/strict';
import { connectRedis } from '../../../registry-server/store/connectRedis.ts';
import { NAMES_KEY } from '../../../registry-server/store/redisScripts.ts';
import { RedisStore } from '../../../registry-server/store/redisStore.ts';
import { loggerOf } from '../../../src/base/logger.ts';
import { startSentinels, type TestSentinels } from '../../support/redisSentinel.ts';
import { registrationOf } from './registrationOf.ts';
import { storeSuite } from './storeSuite.ts';
import { breakUnderLoad } from './underLoad.ts';

const quiet = loggerOf('store', () => undefined);

describe('the Redis store behind Sentinels', function () {
  // Five processes that have to find each other, and a failover.
  this.timeout(60_000);

  let sentinels: TestSentinels;
  let store: RedisStore;

  before(async () => {
    sentinels = await startSentinels();
  });

  beforeEach(async () => {
    await sentinels.watcher.flushall();
    store = new RedisStore(await connectRedis(sentinels.url, quiet));
  });

  afterEach(() => store.close());

  after(() => sentinels.stop());

  storeSuite(async () => ({ store, countKept: () => sentinels.watcher.zcard(NAMES_KEY) }));

  it('says at the start what to do when no Sentinel knows the master', async () => {
    const url = sentinels.url.replace('/hamta', '/other');
    await assert.rejects(
      connectRedis(url, quiet),
      /^StartError: no Redis can be used at sentinel 127.*\/other\/0 /,
    );
  });

  describe('when the master dies', () => {
    it('is back in less than 10 s with every name, under load', async () => {
      const cut = () => sentinels.killMaster();
      const { backAfterMs, statuses, names } = await breakUnderLoad(store, () => sentinels.replicated(), cut);
      assert.ok(backAfterMs < 10_000, `${backAfterMs}`);
      assert.equal(statuses.get(201), names.length);
      for (const name of names) {
        const now = Date.now();
        assert.ok(await store.find(registrationOf(name, now).keys, now), name);
      }
    });
  });
});
