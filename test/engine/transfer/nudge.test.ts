import assert from 'node:assert/strict';
import { Nudge } from '../../../src/engine/transfer/nudge.ts';

describe('Nudge', () => {
  it('comes after a quarter of a second without news, then twice as late each time, up to a second', () => {
    const nudge = new Nudge();
    assert.equal(nudge.at, undefined);
    nudge.hear(100);
    const times = Array.from({ length: 4 }, () => {
      const { at = 0 } = nudge;
      assert.ok(!nudge.take(at - 1) && nudge.take(at));
      return at;
    });
    assert.deepEqual(times, [350, 850, 1850, 2850]);
    nudge.hear(3000);
    assert.equal(nudge.at, 3250);
  });
});
