import assert from 'node:assert/strict';
import { backoffMs } from '../../src/base/backoff.ts';

const LIMITS = { firstMs: 100, ceilingMs: 5000 };
const longest = (failures: number) => backoffMs(failures, LIMITS, () => 0.999999);
const shortest = (failures: number) => backoffMs(failures, LIMITS, () => 0);

describe('backoffMs', () => {
  it('doubles with each failure up to the ceiling', () => {
    assert.deepEqual([1, 2, 3, 6, 7, 8, 1000].map(longest), [100, 200, 400, 3200, 5000, 5000, 5000]);
  });

  it('waits at least half of the whole', () => {
    assert.deepEqual([1, 2, 3, 7].map(shortest), [50, 100, 200, 2500]);
  });

  it('never waits longer than the ceiling, also before the first failure', () => {
    assert.ok(longest(0) <= 100);
    assert.ok(longest(Number.MAX_SAFE_INTEGER) <= 5000);
  });
});
