// What is known of a path when it is new, and what its parts make of few words.

import assert from 'node:assert/strict';
import type { DeliveryMark } from '../../../src/engine/transfer/deliveryRate.ts';
import { LossDetector } from '../../../src/engine/transfer/lossDetector.ts';
import { Pacer } from '../../../src/engine/transfer/pacer.ts';
import { FIRST_RTT_MS } from '../../../src/engine/transfer/params.ts';
import { PathModel } from '../../../src/engine/transfer/pathModel.ts';
import { PathShare } from '../../../src/engine/transfer/pathShare.ts';
import { PathSize } from '../../../src/engine/transfer/pathSize.ts';
import { RttEstimate } from '../../../src/engine/transfer/rttEstimate.ts';
import { SentHistory } from '../../../src/engine/transfer/sentHistory.ts';

describe('the model of a path', () => {
  const FULL = 1_000_000;

  it('begins behind what was sent on the one before, with a burst and the first length', () => {
    const history = new SentHistory(64);
    for (let sent = 0; sent < 3; sent++) history.add(0, 1_000, 0, {} as DeliveryMark);
    const part = new PathShare().join(FULL);
    const path = new PathModel(history, { mostBytes: 1_452, firstBytes: 1_200, part });
    assert.deepEqual([path.firstNumber, path.burstDatagrams, path.size.bytes], [3, 64, 1_200]);
    assert.deepEqual([path.rtt.smoothedMs, path.rate], [FIRST_RTT_MS, part]);
    assert.equal(part.windowBytes, 32 * 1_200, 'it has entered');
    let sent = 0;
    for (path.pacer.fill(0, FULL); path.pacer.maySend; sent++) path.pacer.take(1_452);
    assert.equal(sent, 64);
    path.losses.onAcked(2);
    const lost: number[] = [];
    path.losses.detect(1_000, (number) => lost.push(number));
    assert.deepEqual(lost, [0, 1]);
  });

  it('lets two milliseconds of the rate go at once where no buffer was seen to overflow, and no more', () => {
    const pacer = new Pacer(1_000, 64_000);
    const rate = 200_000;
    pacer.fill(0, rate, 2_000_000);
    pacer.fill(1_000, rate, 2_000_000);
    let sent = 0;
    for (; pacer.maySend; sent++) pacer.take(1_000);
    assert.equal(sent, 400);
  });

  it('asks after what was sent twice as long after as the time before', () => {
    const rtt = new RttEstimate();
    rtt.update(20, 0);
    const detector = new LossDetector(new SentHistory(64), rtt);
    const waits = [1, 2, 4, 8].map(() => {
      const wait = detector.probeAt(0);
      detector.onProbe();
      return wait / rtt.probeTimeoutMs;
    });
    assert.deepEqual(waits, [1, 2, 4, 8]);
  });

  it('is of the shortest datagrams by the first short one that arrives, which is told once', () => {
    const size = new PathSize(1_452);
    assert.equal(size.hasProbe, false);
    size.doubt(10);
    assert.equal(size.hasProbe, true);
    size.onAcked(10, 1_200, true);
    assert.deepEqual([size.isBlackHole(), size.bytes], [true, 1_200]);
    assert.equal(size.isBlackHole(), false, 'all would be cut anew once more');
  });
});
