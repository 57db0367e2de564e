// How quickly blocks come out of a bulk connection, by counts alone.

import assert from 'node:assert/strict';
import { BulkRate } from '../../../src/engine/transfer/bulkRate.ts';
import { BULK_RATE_SAMPLES, BULK_SLOW_BLOCK_MS } from '../../../src/engine/transfer/carrierParams.ts';

/** Counts so many blocks, each so many ms after the one before. */
function counted(rate: BulkRate, from: number, blocks: number, eachMs: number): number {
  for (let block = 1; block <= blocks; block++) rate.counted(1, from + block * eachMs);
  return from + blocks * eachMs;
}

describe('the rate of a bulk connection', () => {
  it('is not known before blocks have ceased to come ever faster', () => {
    const rate = new BulkRate();
    let now = 0;
    for (let eachMs = 64; eachMs >= 1; eachMs /= 2) now = counted(rate, now, 4, eachMs);
    assert.equal(rate.blockMs, undefined);
    counted(rate, now, 8, 1);
    assert.equal(rate.blockMs, 1);
  });

  it('is that of four blocks in a row, so that one that was quick once says little', () => {
    const rate = new BulkRate();
    const now = counted(rate, 0, 12, 10);
    rate.counted(1, now + 2);
    assert.equal(rate.blockMs, 8);
  });

  it('is that of whole counts, where several blocks come in one', () => {
    const rate = new BulkRate();
    for (let count = 0; count < 8; count++) rate.counted(3, 30 * count);
    assert.equal(rate.blockMs, 10);
  });

  it('is the highest of the last counts, and then that of a line that has become slower', () => {
    const rate = new BulkRate();
    const now = counted(rate, 0, 12, 10);
    counted(rate, now, BULK_RATE_SAMPLES - 1, 40);
    assert.equal(rate.blockMs, 10);
    counted(rate, now + (BULK_RATE_SAMPLES - 1) * 40, 4, 40);
    assert.equal(rate.blockMs, 40);
  });

  it('is what the first count says where TCP never takes so long to start', () => {
    const rateAfter = (blocks: number, tookMs: number) => {
      const rate = new BulkRate();
      rate.handedOver(500);
      rate.handedOver(600);
      rate.counted(blocks, 500 + tookMs);
      return rate.blockMs;
    };
    assert.equal(rateAfter(1, BULK_SLOW_BLOCK_MS), BULK_SLOW_BLOCK_MS);
    assert.equal(rateAfter(1, BULK_SLOW_BLOCK_MS - 1), undefined);
    assert.equal(rateAfter(4, 3 * BULK_SLOW_BLOCK_MS), undefined);
  });

  it('is not what a later count says of a disk that is late', () => {
    const rate = new BulkRate();
    rate.handedOver(0);
    rate.counted(1, 100);
    rate.counted(1, 10 * BULK_SLOW_BLOCK_MS);
    assert.equal(rate.blockMs, undefined);
  });

  it('has a mean over all of the last counts, lumps or not', () => {
    const rate = new BulkRate();
    assert.equal(rate.meanMs, 0);
    rate.counted(1, 100);
    assert.equal(rate.meanMs, 0);
    rate.counted(4, 300);
    rate.counted(1, 350);
    assert.equal(rate.meanMs, 50);
  });
});
