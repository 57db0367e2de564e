// The memory that blocks and datagrams are put together in: used again, and given back.

import assert from 'node:assert/strict';
import { BufferPool } from '../../../src/engine/transfer/bufferPool.ts';
import { DatagramRing } from '../../../src/engine/transfer/datagramRing.ts';

describe('BufferPool', () => {
  it('keeps as many as it may, and takes the one that came last first', () => {
    const pool = new BufferPool(3000, 2);
    const [first, second] = [pool.take(), pool.take()];
    pool.give(first);
    pool.give(second);
    assert.equal(pool.take(), second);
    assert.equal(pool.take(), first);
    assert.equal(first.length, 3000);
  });

  it('gives the memory of more than it keeps back', () => {
    const pool = new BufferPool(3000, 2);
    const taken = [pool.take(), pool.take(), pool.take()];
    for (const buffer of taken) pool.give(buffer);
    assert.deepEqual(
      taken.map(({ length }) => length),
      [3000, 3000, 0],
    );
  });
});

describe('DatagramRing', () => {
  it('leaves a datagram alone until every other slot was taken', () => {
    const ring = new DatagramRing(() => 3);
    const first = ring.take(50);
    first.bytes.fill(1);
    for (const length of [60, 70]) ring.take(length).bytes.fill(2);
    assert.deepEqual(first.bytes, Buffer.alloc(50, 1));
    ring.take(100).bytes.fill(3);
    assert.deepEqual(first.bytes, Buffer.alloc(50, 3));
    assert.equal(first.covered.length, 46);
  });

  it('has fewer for long datagrams than for short ones, and two bursts of each', () => {
    for (const [length, burst] of [
      [1452, 64],
      [9000 - 28, 29],
      [32 * 1024 + 64, 7],
    ] as const) {
      const ring = new DatagramRing();
      const first = ring.take(length).bytes.fill(1);
      for (let more = 1; more < 2 * burst; more++) ring.take(length).bytes.fill(2);
      assert.equal(first[0], 1, `${length}`);
      assert.equal(ring.take(length).bytes.buffer, first.buffer);
    }
  });

  it('makes room where a slot was for shorter ones', () => {
    const ring = new DatagramRing();
    for (let slot = 0; slot < 128; slot++) ring.take(60);
    assert.equal(ring.take(8000).bytes.length, 8000);
    assert.equal(ring.take(60).bytes.length, 60);
  });
});
