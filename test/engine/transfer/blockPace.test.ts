import assert from 'node:assert/strict';
import { BlockPace } from '../../../src/engine/transfer/blockPace.ts';
import { SILENT_GAPS, TRY_MS } from '../../../src/engine/transfer/carrierParams.ts';
import { BLOCK_BYTES } from '../../../src/engine/transfer/params.ts';

const QUARTER = BLOCK_BYTES / 4;

describe('BlockPace', () => {
  /** Of a session that began at 1000. */
  function paceOf(...partsAt: number[]): BlockPace {
    const pace = new BlockPace();
    pace.begin(1_000);
    for (const at of partsAt) pace.takePart(QUARTER, at);
    return pace;
  }

  it('is that of the blocks, smoothed', () => {
    const pace = paceOf();
    assert.equal(pace.gapMs, 0);
    assert.deepEqual([pace.takeBlock(1_400), pace.gapMs], [400, 400]);
    assert.deepEqual([pace.takeBlock(2_600), pace.gapMs], [1_200, 600]);
  });

  it('is that of the parts before a block is whole; one alone says nothing', () => {
    assert.equal(paceOf(1_100).blockMs, 0);
    assert.equal(paceOf(1_100, 1_300).blockMs, 400);
  });

  it('has the rate of all that came in all the time, the silence behind it, too', () => {
    assert.equal(paceOf().partBytesPerSecond(2_000), 0);
    assert.equal(paceOf(1_100, 1_300).partBytesPerSecond(3_000), QUARTER);
    assert.equal(paceOf(1_000).partBytesPerSecond(1_000), 1_000 * QUARTER);
  });

  it('begins anew after a sleep', () => {
    const woke = 1_101 + TRY_MS;
    const pace = paceOf(1_100, woke, woke + 100);
    assert.equal(pace.blockMs, 200);
    assert.equal(pace.takeBlock(woke + 400), 400);
  });

  it('was quicker over the carrier that was left where parts come less than a quarter as quickly, or only one did', () => {
    const pace = paceOf(1_100, 1_200);
    pace.leave();
    assert.equal(pace.gapMs, 400);
    pace.begin(2_000);
    pace.takePart(QUARTER, 2_100);
    assert.ok(pace.wasQuickerBefore);
    pace.takePart(QUARTER, 2_100 + SILENT_GAPS * 200);
    assert.equal(pace.wasQuickerBefore, false);
    pace.takePart(1, 2_100 + SILENT_GAPS * 200 + 1);
    assert.ok(pace.wasQuickerBefore);
  });

  it('was not quicker over one that brought nothing', () => {
    const pace = paceOf(1_100, 1_200);
    pace.leave();
    pace.begin(2_000);
    pace.leave();
    pace.begin(3_000);
    pace.takePart(QUARTER, 3_100);
    assert.equal(pace.wasQuickerBefore, false);
  });
});
