// How much one address may ask, in virtual time.

import assert from 'node:assert/strict';
import { NewNames } from '../../registry-server/newNames.ts';
import { DEFAULT_RATE_LIMITS, RateLimiter } from '../../registry-server/rateLimit.ts';
import { assertProblem, registerAt } from './peerCalls.ts';
import { signedPeer } from './signedPeer.ts';
import { testRegistry } from './testRegistry.ts';

const LIMITS = { requestsPerSecond: 10, burst: 5, limitLoopback: false };

function passes(limiter: RateLimiter, address: string, count: number, now: number): number {
  return Array.from({ length: count }, () => limiter.take(address, now)).filter((waitMs) => waitMs === 0)
    .length;
}

describe('the rate limit', () => {
  it('lets a burst pass and then one request for each share of a second', () => {
    const limiter = new RateLimiter(LIMITS);
    assert.equal(passes(limiter, '192.0.2.1', 9, 0), 5);
    assert.equal(limiter.take('192.0.2.1', 0), 100);
    assert.equal(limiter.take('192.0.2.1', 100), 0);
    assert.equal(limiter.take('192.0.2.1', 150), 50);
  });

  it('never saves up more than a burst', () => {
    const limiter = new RateLimiter(LIMITS);
    passes(limiter, '192.0.2.1', 5, 0);
    assert.equal(passes(limiter, '192.0.2.1', 9, 1_000_000), 5);
  });

  it('gives each address its own, and one customer of IPv6 one for all', () => {
    const limiter = new RateLimiter(LIMITS);
    passes(limiter, '192.0.2.1', 5, 0);
    assert.equal(limiter.take('192.0.2.2', 0), 0);
    passes(limiter, '2001:db8:1:2::1', 5, 0);
    assert.ok(limiter.take('2001:db8:1:2:3:4:5:6', 0) > 0);
    assert.equal(limiter.take('2001:db8:1:3::1', 0), 0);
    passes(limiter, '2001:db8::9', 5, 0);
    assert.ok(limiter.take('2001:db8::8', 0) > 0);
  });

  it('tells mapped IPv4 addresses apart', () => {
    const limiter = new RateLimiter(LIMITS);
    passes(limiter, '::ffff:192.0.2.1', 5, 0);
    assert.equal(limiter.take('::ffff:192.0.2.2', 0), 0);
  });

  it('does not count this machine unless it is told to', () => {
    for (const address of ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1']) {
      assert.equal(passes(new RateLimiter(LIMITS), address, 50, 0), 50, address);
      assert.equal(passes(new RateLimiter({ ...LIMITS, limitLoopback: true }), address, 50, 0), 5, address);
    }
  });

  it('is off at zero', () => {
    assert.equal(passes(new RateLimiter({ ...LIMITS, requestsPerSecond: 0 }), '192.0.2.1', 500, 0), 500);
  });

  it('takes no harm from a clock that jumps back', () => {
    const limiter = new RateLimiter(LIMITS);
    passes(limiter, '192.0.2.1', 5, 10_000);
    assert.equal(limiter.take('192.0.2.1', 0), 100);
    assert.equal(limiter.take('192.0.2.1', 100), 0);
  });

  it('remembers a bounded number of addresses, the latest', () => {
    const limiter = new RateLimiter(LIMITS, 100);
    passes(limiter, '198.51.100.1', 5, 0);
    for (let i = 0; i < 1_000; i++) {
      limiter.take(`10.0.${i >> 8}.${i & 255}`, 0);
      limiter.take('198.51.100.1', 0);
    }
    assert.equal(limiter.size, 100);
    assert.ok(limiter.take('198.51.100.1', 0) > 0);
  });

  it('leaves room for a class of a hundred behind one router', () => {
    const heartbeats = 100 / 30;
    assert.ok(DEFAULT_RATE_LIMITS.requestsPerSecond > 5 * heartbeats);
    assert.ok(DEFAULT_RATE_LIMITS.burst >= 100);
  });
});

describe('the limit of new names', () => {
  const clock = { time: 0, now: () => clock.time };
  let names: NewNames;

  beforeEach(() => {
    clock.time = 0;
    names = new NewNames(DEFAULT_RATE_LIMITS, clock);
  });

  function take(address: string, count: number): void {
    for (let i = 0; i < count; i++) names.took(address);
  }

  it('is 1,000 of one address at once, then one a second', () => {
    take('192.0.2.1', 999);
    assert.equal(names.waitMs('192.0.2.1'), 0);
    take('192.0.2.1', 1);
    assert.equal(names.waitMs('192.0.2.1'), 1_000);
    clock.time += 1_000;
    assert.equal(names.waitMs('192.0.2.1'), 0);
    assert.equal(names.waitMs('192.0.2.2'), 0);
  });

  it('has names waited for that were taken at the same time', () => {
    take('192.0.2.1', 1_050);
    assert.equal(names.waitMs('192.0.2.1'), 51_000);
  });

  it('is one for a network of IPv6, and none for this machine or where requests have none', () => {
    take('2001:db8::1', 1_000);
    assert.notEqual(names.waitMs('2001:db8::2'), 0);
    take('127.0.0.1', 5_000);
    assert.equal(names.waitMs('127.0.0.1'), 0);
    names = new NewNames({ ...DEFAULT_RATE_LIMITS, requestsPerSecond: 0 }, clock);
    take('192.0.2.1', 5_000);
    assert.equal(names.waitMs('192.0.2.1'), 0);
  });

  it('stands at the registry, where names that are there are renewed, released and refused as before', async () => {
    // Twenty names at once; requests have no end.
    const limits = { requestsPerSecond: 1, burst: 1_000, limitLoopback: true };
    const registry = await testRegistry({ limits });
    const [sara, mallory] = [signedPeer(), signedPeer()];
    try {
      for (let i = 0; i < 20; i++) assert.equal((await registerAt(registry, sara, `sara ${i}`)).status, 201);
      const refused = await registerAt(registry, mallory, 'mallory');
      assertProblem(refused, 429, 'too-many-requests');
      assert.match(refused.headers.get('retry-after') ?? '', /^[1-9]\d*$/);
      registry.clock.time += 1;
      assert.equal((await registerAt(registry, sara, 'Sara 7')).status, 200);
      assertProblem(await registerAt(registry, mallory, 'sara 7'), 409, 'name-taken');
      const release = sara.release('sara 8', registry.clock.time);
      assert.equal((await registry.ask('DELETE', '/v1/peers/sara%208?release=1', release)).status, 204);
    } finally {
      await registry.close();
    }
  });
});
