import assert from 'node:assert/strict';
import { TokenBuckets } from '../../src/base/tokenBuckets.ts';

describe('token buckets', () => {
  it('give a burst, then a rate, each key its own', () => {
    const buckets = new TokenBuckets({ perSecond: 10, burst: 3 });
    assert.deepEqual(
      [1, 2, 3, 4].map(() => buckets.takeNow('a', 1, 0)),
      [true, true, true, false],
    );
    assert.equal(buckets.waitMs('a', 1, 0), 100);
    assert.ok(buckets.takeNow('b', 3, 0));
    assert.ok(buckets.takeNow('a', 1, 100));
  });

  it('forget the least recently seen beyond their number', () => {
    const buckets = new TokenBuckets({ perSecond: 1, burst: 1 }, 2);
    for (const key of ['a', 'b', 'a', 'c']) buckets.take(key, 1, 0);
    assert.equal(buckets.size, 2);
    assert.equal(buckets.waitMs('b', 1, 0), 0);
    assert.ok(buckets.waitMs('a', 1, 0) > 0);
  });

  it('say how long each has to wait, and save no more than a burst for later', () => {
    const buckets = new TokenBuckets({ perSecond: 2, burst: 2 }, 1);
    const waits = [1_000, 1_000, 1_000, 1_100, 1_500, 90_000, 90_000, 90_000].map((now) => {
      const wait = buckets.waitMs('a', 1, now);
      if (wait === 0) buckets.take('a', 1, now);
      return wait;
    });
    assert.deepEqual(waits, [0, 0, 500, 400, 0, 0, 0, 500]);
  });

  it('give one back after exactly its time, however rarely', () => {
    for (const seconds of [1, 2, 5, 60, 3_600]) {
      const buckets = new TokenBuckets({ perSecond: 1 / seconds, burst: 1 });
      buckets.take('a', 1, 7);
      assert.equal(buckets.waitMs('a', 1, 7 + seconds * 1_000), 0, `${seconds} s`);
      assert.ok(buckets.waitMs('a', 1, 6 + seconds * 1_000) > 0, `${seconds} s`);
    }
  });
});
