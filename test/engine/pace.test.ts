import assert from 'node:assert/strict';
import { Pace } from '../../src/engine/pace.ts';

describe('a pace', () => {
  const rests = (pace: Pace, times: readonly number[]) => times.map((now) => pace.take(now));

  it('lets a few begin in a row, and says how long the next one has to wait', () => {
    assert.deepEqual(rests(new Pace(2, 500), [1_000, 1_000, 1_000, 1_100]), [0, 0, 500, 400]);
  });

  it('lets one more begin after each rest, whatever was asked in between', () => {
    assert.deepEqual(rests(new Pace(1, 500), [1_000, 1_250, 1_500, 1_500, 2_000]), [0, 250, 0, 500, 0]);
  });

  it('saves no more than a few for later', () => {
    assert.deepEqual(rests(new Pace(2, 500), [1_000, 90_000, 90_000, 90_000]), [0, 0, 0, 500]);
  });
});
