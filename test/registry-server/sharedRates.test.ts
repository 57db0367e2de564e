// One limit over several instances: in virtual time with a ledger in memory, and with the scripts of a real Redis.

import assert from 'node:assert/strict';
import { Redis } from 'ioredis';
import { RateLimiter } from '../../registry-server/rateLimit.ts';
import { type RateLedger, SharedRates } from '../../registry-server/sharedRates.ts';
import { RedisRates, rateKey } from '../../registry-server/store/redisRates.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';

const LIMITS = { requestsPerSecond: 10, burst: 20, limitLoopback: false };
const CALLER = '192.0.2.1';

describe('a rate limit that instances share', function () {
  // A real Redis is started.
  this.timeout(20_000);

  const clock = { time: 1_800_000_000_000, now: () => clock.time };
  let server: TestRedis;
  let redis: Redis;
  let opened: SharedRates[];

  before(async () => {
    server = await startRedis();
    redis = new Redis(server.url);
  });

  beforeEach(async () => {
    opened = [];
    await redis.flushall();
  });

  afterEach(() => {
    for (const rates of opened) rates.close();
  });

  after(async () => {
    redis.disconnect();
    await server.stop();
  });

  function instance(ledger: RateLedger = new RedisRates(redis)) {
    const limiter = new RateLimiter(LIMITS);
    const rates = new SharedRates(limiter, ledger, clock);
    opened.push(rates);
    return { limiter, rates };
  }

  function passed({ limiter }: { limiter: RateLimiter }, count: number, address = CALLER): number {
    return Array.from({ length: count }, () => limiter.take(address, clock.time)).filter(
      (waitMs) => waitMs === 0,
    ).length;
  }

  it('counts what an address took elsewhere', async () => {
    const [one, other] = [instance(), instance()];
    assert.equal(passed(one, 15), 15);
    await one.rates.exchange();
    assert.equal(passed(other, 2), 2);
    await other.rates.exchange();
    assert.equal(passed(other, 9), 3);
    assert.equal(passed(other, 1, '192.0.2.2'), 1);
  });

  it('gives back what a rest is worth', async () => {
    const [one, other] = [instance(), instance()];
    passed(one, 20);
    await one.rates.exchange();
    passed(other, 20);
    await other.rates.exchange();
    assert.equal(passed(other, 1), 0);
    clock.time += 5_000;
    assert.ok(passed(other, 99) >= 20);
  });

  it('keeps nothing of an address for longer than it takes to forgive it', async () => {
    const one = instance();
    passed(one, 20);
    await one.rates.exchange();
    const left = await redis.pttl(rateKey(CALLER));
    assert.ok(left > 0 && left <= 2_001, `${left}`);
  });

  it('tells nothing of who asks for nothing', async () => {
    const one = instance();
    await one.rates.exchange();
    assert.deepEqual(await redis.keys('*'), []);
  });

  it("is each instance's own while nobody answers", async () => {
    const ledger = { spend: () => Promise.reject(new Error('away')) };
    const one = instance(ledger);
    passed(one, 5);
    await one.rates.exchange();
    assert.equal(passed(one, 99), 15);
  });
});
