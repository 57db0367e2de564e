// How long datagrams may be on a path, by what was acknowledged.

import assert from 'node:assert/strict';
import { PathSize } from '../../../src/engine/transfer/pathSize.ts';

function probesOf(size: PathSize): number[] {
  const probes: number[] = [];
  for (let bytes = size.takeProbe(); bytes !== undefined; bytes = size.takeProbe()) probes.push(bytes);
  return probes;
}

function probesAt(size: PathSize, now: number): number[] {
  size.tryLonger(now);
  return probesOf(size);
}

describe('PathSize', () => {
  it('has each length up to the longest tried, at once and then every 20 s, and takes the longest that came', () => {
    const size = new PathSize(1452, 1200);
    assert.deepEqual(probesAt(size, 15_000), [1280, 1332, 1372, 1392, 1412, 1452]);
    size.onAcked(1, 1372, true);
    size.onAcked(2, 1280, true);
    assert.equal(size.bytes, 1372);
    assert.deepEqual(probesAt(size, 34_999), []);
    assert.deepEqual(probesAt(size, 35_000), [1392, 1412, 1452]);
    size.onAcked(3, 1452, true);
    assert.deepEqual([size.bytes, ...probesAt(size, 55_000)], [1452]);
  });

  it('has what jumbo frames carry tried beyond Ethernet’s', () => {
    assert.deepEqual(probesAt(new PathSize(8952, 1452), 0), [4032, 8032, 8952]);
    assert.deepEqual(probesAt(new PathSize(1452), 0), []);
  });

  it('is the shortest once three short ones were tried and one arrives, and no longer one of that time', () => {
    const size = new PathSize(1452);
    size.onAcked(8, 1452, false);
    size.doubt(10);
    assert.deepEqual(probesOf(size), [1200, 1200, 1200]);
    assert.equal(size.isBlackHole(), false);
    size.onAcked(13, 1200, true);
    assert.equal(size.isBlackHole(), true);
    assert.equal(size.bytes, 1200);
  });

  it('stays as long as it is where a longer one of that time arrives, too', () => {
    const size = new PathSize(1452);
    size.doubt(10);
    size.onAcked(10, 1452, false);
    size.onAcked(13, 1200, true);
    assert.equal(size.isBlackHole(), false);
    assert.equal(size.bytes, 1452);
  });

  it('stays as it is where a longer one arrives that was sent between two questions', () => {
    const size = new PathSize(1452);
    size.doubt(10);
    size.doubt(20);
    size.onAcked(12, 1452, false);
    size.onAcked(23, 1200, true);
    assert.equal(size.isBlackHole(), false);
  });

  it('is not told by the short end of a file, nor by what asks for a place: long ones may still be on their way', () => {
    const size = new PathSize(1452);
    size.doubt(10);
    size.onAcked(11, 700, false);
    size.onAcked(12, 1200, false);
    size.onAcked(13, 33, true);
    assert.equal(size.isBlackHole(), false);
  });

  it('is in doubt anew after a doubt that was none', () => {
    const size = new PathSize(1452);
    size.doubt(10);
    size.onAcked(10, 1452, false);
    assert.equal(size.isBlackHole(), false);
    size.doubt(50);
    size.onAcked(53, 1200, true);
    assert.equal(size.isBlackHole(), true);
  });

  it('is in no doubt where it is the shortest already: a pause there makes nothing go again', () => {
    const size = new PathSize(1452, 1200);
    size.doubt(10);
    size.onAcked(13, 1200, true);
    assert.equal(size.isBlackHole(), false);
  });

  it('is not made longer again by a long one that had arrived before they vanished', () => {
    const size = new PathSize(1452);
    size.doubt(10);
    size.onAcked(13, 1200, true);
    assert.equal(size.isBlackHole(), true);
    size.onAcked(9, 1452, false);
    assert.equal(size.bytes, 1200);
  });
});
