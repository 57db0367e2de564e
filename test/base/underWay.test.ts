import assert from 'node:assert/strict';
import { UnderWay } from '../../src/base/underWay.ts';

describe('what is under way', () => {
  it('is counted', () => {
    const underWay = new UnderWay();
    underWay.begin();
    underWay.begin();
    underWay.end();
    assert.equal(underWay.count, 1);
  });

  it('is settled when the last has ended, also for those that began while somebody waited', async () => {
    const underWay = new UnderWay();
    await underWay.settled();
    underWay.begin();
    let isSettled = false;
    const waiting = [underWay.settled(), underWay.settled()].map(async (settled) => {
      await settled;
      isSettled = true;
    });
    underWay.begin();
    underWay.end();
    await new Promise(setImmediate);
    assert.equal(isSettled, false);
    underWay.end();
    await Promise.all(waiting);
    await underWay.settled();
  });
});
