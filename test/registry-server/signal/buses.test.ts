// Both buses, the one over Redis also on a Cluster and while its Redis goes and comes back.

import assert from 'node:assert/strict';
import { LocalBus } from '../../../registry-server/signal/localBus.ts';
import { openBus } from '../../../registry-server/signal/openBus.ts';
import type { PresenceBus } from '../../../registry-server/signal/presenceBus.ts';
import { connectRedis, type RedisClient } from '../../../registry-server/store/connectRedis.ts';
import { loggerOf } from '../../../src/base/logger.ts';
import { startRedis, type TestRedis } from '../../support/redis.ts';
import { startCluster, type TestCluster } from '../../support/redisCluster.ts';
import { busSuite } from './busSuite.ts';
import { eventually } from './instance.ts';

const LOG = loggerOf('test', () => undefined);

describe('the bus in this process', () => {
  busSuite(1, async () => [new LocalBus()]);
});

describe('the bus over Redis', function () {
  this.timeout(60_000);

  let server: TestRedis;
  const clients: RedisClient[] = [];

  async function open(url: string, count: number): Promise<PresenceBus[]> {
    const buses: PresenceBus[] = [];
    for (let i = 0; i < count; i++) {
      const client = await connectRedis(url, LOG);
      clients.push(client);
      buses.push(await openBus(client));
    }
    return buses;
  }

  before(async () => {
    server = await startRedis();
  });

  afterEach(() => {
    for (const client of clients.splice(0)) client.disconnect();
  });

  after(() => server.stop());

  busSuite(2, (count) => open(server.url, count));

  it('keeps databases of one Redis apart', async () => {
    const [a] = await open(server.url, 1);
    const [other] = await open(server.url.replace(/0$/, '1'), 1);
    assert.ok(a !== undefined && other !== undefined);
    const heard: string[] = [];
    a.listen({ heard: (_, text) => heard.push(text), road: () => undefined });
    other.listen({ heard: () => undefined, road: () => undefined });
    await a.follow('name:a');
    await eventually(() => {
      void other.publish('name:a', 'wrong');
      void a.publish('name:a', 'right');
      return heard.length > 0;
    });
    assert.ok(!heard.includes('wrong'));
    a.close();
    other.close();
  });

  it('says that Redis is away, and that it is back once every topic is followed again', async () => {
    const own = await startRedis();
    const [bus] = await open(own.url, 1);
    assert.ok(bus !== undefined);
    const said: string[] = [];
    bus.listen({ heard: (_, text) => said.push(text), road: (isUp) => said.push(isUp ? 'back' : 'away') });
    for (let i = 0; i < 1_200; i++) await bus.follow(`name:${i}`);
    await eventually(() => {
      void bus.publish('name:0', 'first').catch(() => undefined);
      return said.includes('first');
    });
    await own.stop();
    await eventually(() => said.at(-1) === 'away');
    await bus.follow('name:new');
    await assert.rejects(bus.publish('name:0', 'lost'));
    const again = await startRedis(own.port);
    await eventually(() => said.at(-1) === 'back');
    for (const topic of ['name:0', 'name:1199', 'name:new']) {
      await eventually(() => {
        void bus.publish(topic, topic).catch(() => undefined);
        return said.includes(topic);
      });
    }
    assert.deepEqual(
      said.filter((each) => each === 'away' || each === 'back'),
      ['away', 'back'],
    );
    bus.close();
    await again.stop();
  });

  describe('on a Cluster', () => {
    let cluster: TestCluster;

    before(async () => {
      cluster = await startCluster();
    });

    after(() => cluster.stop());

    busSuite(2, (count) => open(cluster.url, count));

    it('hears again after a master died, and says that something may be missing', async () => {
      const [a, b] = await open(cluster.url, 2);
      assert.ok(a !== undefined && b !== undefined);
      const said: string[] = [];
      a.listen({ heard: (topic) => said.push(topic), road: (isUp) => said.push(isUp ? 'back' : 'away') });
      b.listen({ heard: () => undefined, road: () => undefined });
      const topics = Array.from({ length: 30 }, (_, i) => `name:${i}`);
      for (const topic of topics) await a.follow(topic);
      const allHeard = () => {
        for (const topic of topics) void b.publish(topic, 'x').catch(() => undefined);
        return topics.every((topic) => said.includes(topic));
      };
      await eventually(allHeard, 20_000);
      await clients[0]?.set('probe', '1');
      await cluster.replicated();
      await cluster.killMasterOf('probe');
      await eventually(() => said.includes('away'), 30_000);
      await eventually(
        () => said.at(-1) === 'back' || said.lastIndexOf('back') > said.lastIndexOf('away'),
        30_000,
      );
      said.length = 0;
      await eventually(allHeard, 30_000);
      a.close();
      b.close();
    });
  });
});
