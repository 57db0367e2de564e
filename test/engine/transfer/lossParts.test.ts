// The parts that know which datagrams went, which came, and which are lost, each by itself.

import assert from 'node:assert/strict';
import { LossDetector } from '../../../src/engine/transfer/lossDetector.ts';
import { ReceivedDatagrams } from '../../../src/engine/transfer/receivedDatagrams.ts';
import { RttEstimate } from '../../../src/engine/transfer/rttEstimate.ts';
import { NO_PIECE, SentHistory } from '../../../src/engine/transfer/sentHistory.ts';

const MARK = { delivered: 0, deliveredAt: 0, sentAt: 0, isLimited: false, madeAt: 0 };

describe('SentHistory', () => {
  it('knows what is in flight, and how many bytes', () => {
    const history = new SentHistory(64);
    for (let number = 0; number < 4; number++) history.add(100 + number, 1000, number, MARK);
    history.settle(1);
    history.markLost(0);
    assert.deepEqual([history.oldest, history.inFlight, history.inFlightBytes], [2, 2, 2000]);
    assert.deepEqual([history.isLost(0), history.isInFlight(1), history.isInFlight(2)], [true, false, true]);
    assert.deepEqual([history.piece(3), history.sentAt(3), history.bytes(3)], [103, 3, 1000]);
    history.settle(0);
    assert.equal(history.isLost(0), false);
    assert.equal(history.inFlight, 2);
  });

  it('is full before a number in flight would be forgotten', () => {
    const history = new SentHistory(64);
    let sent = 0;
    for (; !history.isFull; sent++) history.add(sent, 1, 0, MARK);
    assert.ok(sent >= 64);
    for (let number = 0; number < sent; number++) assert.ok(history.isInFlight(number));
  });

  it('keeps all that it knows from its floor on, however many were sent', () => {
    const history = new SentHistory(64);
    for (let sent = 0; sent < 1_000; sent++) {
      while (history.isFull) history.settle(history.oldest);
      history.add(sent, 1, 0, MARK);
      const { floor, next } = history;
      const known = Array.from({ length: next - floor }, (_, i) => floor + i);
      assert.ok(
        known.every((number) => history.piece(number) === number),
        `${floor} to ${next}`,
      );
    }
  });

  it('takes all for lost that are in flight, and no others', () => {
    const history = new SentHistory(64);
    for (let number = 0; number < 4; number++) history.add(number, 1000, 0, MARK);
    history.settle(1);
    history.loseAll();
    assert.deepEqual([history.inFlight, history.inFlightBytes, history.oldest], [0, 0, 4]);
    assert.deepEqual(
      [0, 1, 2, 3].map((number) => history.isLost(number)),
      [true, false, true, true],
    );
  });

  it('forgets pieces that were cut anew, of lost ones, too', () => {
    const history = new SentHistory(64);
    for (let number = 0; number < 4; number++) history.add(100 + number, 1000, 0, MARK);
    history.markLost(0);
    history.forgetPieces((piece) => piece % 2 === 0);
    assert.deepEqual(
      [0, 1, 2, 3].map((number) => history.piece(number)),
      [NO_PIECE, 101, NO_PIECE, 103],
    );
  });
});

describe('LossDetector', () => {
  function detectorOf(sentAt: number[]) {
    const history = new SentHistory(64);
    const rtt = new RttEstimate();
    rtt.update(80, 0);
    for (const at of sentAt) history.add(0, 1000, at, MARK);
    const detector = new LossDetector(history, rtt);
    const lostAt = (now: number) => {
      const lost: number[] = [];
      detector.detect(now, (number) => lost.push(number));
      return lost;
    };
    const acknowledge = (number: number) => {
      detector.onAcked(number);
      history.settle(number);
    };
    return { history, detector, lostAt, acknowledge };
  }

  it('takes for lost what three later ones have overtaken', () => {
    const { lostAt, acknowledge } = detectorOf([0, 0, 0, 0, 0]);
    acknowledge(3);
    assert.deepEqual(lostAt(80), [0]);
    acknowledge(4);
    assert.deepEqual(lostAt(80), [1]);
  });

  it('takes for lost what a later one has overtaken by an eighth of a round trip, and says when that will be', () => {
    const { detector, lostAt, acknowledge } = detectorOf([0, 5]);
    acknowledge(1);
    assert.deepEqual(lostAt(85), []);
    assert.equal(detector.lossAt, 90);
    assert.deepEqual(lostAt(90), [0]);
    assert.equal(detector.lossAt, undefined);
  });

  it('takes nothing for lost that is newer than all that was acknowledged', () => {
    const { lostAt, acknowledge } = detectorOf([0, 0, 0, 0, 0]);
    acknowledge(0);
    assert.deepEqual(lostAt(10_000), []);
  });

  it('takes nothing for lost that was acknowledged, or was lost before', () => {
    const { lostAt, acknowledge } = detectorOf([0, 0, 0, 0, 0, 0]);
    acknowledge(1);
    acknowledge(4);
    assert.deepEqual(lostAt(80), [0]);
    acknowledge(5);
    assert.deepEqual(lostAt(80), [2]);
  });

  it('waits longer once it has been wrong', () => {
    const { detector, history, lostAt, acknowledge } = detectorOf(Array.from({ length: 20 }, () => 0));
    acknowledge(6);
    assert.deepEqual(lostAt(80), [0, 1, 2, 3]);
    detector.onSpurious(0, 82);
    history.settle(0);
    acknowledge(10);
    assert.deepEqual(lostAt(82), []);
    acknowledge(11);
    assert.deepEqual(lostAt(82), [4]);
  });

  it('waits for as many later ones as it was wrong by', () => {
    const { detector, history, lostAt, acknowledge } = detectorOf(Array.from({ length: 20 }, () => 0));
    acknowledge(9);
    assert.deepEqual(lostAt(80), [0, 1, 2, 3, 4, 5, 6]);
    detector.onSpurious(5, 82);
    history.settle(5);
    acknowledge(12);
    assert.deepEqual(lostAt(82), [7]);
  });

  for (const [lateMs, longerMs] of [
    [10, 10],
    [900, 80],
  ] as const) {
    it(`waits ${longerMs} ms longer where it was wrong by ${lateMs}, for it is a round trip at most`, () => {
      const { detector, history, lostAt, acknowledge } = detectorOf([100, 105, 2_000, 2_005]);
      acknowledge(1);
      assert.deepEqual(lostAt(190), [0]);
      detector.onSpurious(0, 190 + lateMs);
      history.settle(0);
      acknowledge(3);
      assert.deepEqual(lostAt(2_090), []);
      assert.equal(detector.lossAt, 2_090 + longerMs);
    });
  }

  it('waits twice as long for each probe that is not answered, up to a second', () => {
    const { detector, acknowledge } = detectorOf([0]);
    const first = detector.probeAt(0);
    detector.onProbe();
    assert.equal(detector.probeAt(0), 2 * first);
    for (let probe = 0; probe < 20; probe++) detector.onProbe();
    assert.equal(detector.probeAt(100), 1100);
    acknowledge(0);
    assert.equal(detector.probeAt(0), first);
  });

  it('asks after nothing before its answer could have come, however long the round trip is', () => {
    const rtt = new RttEstimate();
    rtt.update(8_000, 0);
    const detector = new LossDetector(new SentHistory(64), rtt);
    assert.equal(detector.probeAt(100), 100 + rtt.probeTimeoutMs);
    for (let probe = 0; probe < 3; probe++) detector.onProbe();
    assert.equal(detector.probeAt(100), 100 + rtt.probeTimeoutMs);
  });
});

describe('ReceivedDatagrams', () => {
  it('asks for an acknowledgement a millisecond after the first, or at once after 32', () => {
    const received = new ReceivedDatagrams();
    received.add(0, 1400, 5);
    assert.equal(received.ackAt, 6);
    for (let number = 1; number < 32; number++) received.add(number, 1400, 5.1);
    assert.equal(received.ackAt, 5.1);
    received.onAcked(5.1);
    assert.equal(received.ackAt, undefined);
  });

  it('asks at once at a hole, but not more often than helps', () => {
    const received = new ReceivedDatagrams();
    received.add(0, 1400, 5);
    received.add(2, 1400, 5.1);
    assert.equal(received.ackAt, 5.1);
    received.onAcked(5.1);
    received.add(4, 1400, 5.2);
    assert.equal(received.ackAt, 5.35);
  });

  it('asks after few large datagrams, and after as many again', () => {
    const received = new ReceivedDatagrams();
    for (let number = 0; number < 4; number++) received.add(number, 32_768, 0);
    assert.equal(received.ackAt, 0);
    received.onAcked(0);
    for (let number = 4; number < 7; number++) received.add(number, 32_768, 1);
    assert.equal(received.ackAt, 2);
    received.add(7, 32_768, 1.5);
    assert.equal(received.ackAt, 1.5);
  });

  it('tells the highest ranges first and keeps no more than fit an acknowledgement', () => {
    const received = new ReceivedDatagrams();
    for (let number = 0; number < 1000; number += 2) received.add(number, 1400, number);
    assert.equal(received.ranges.length, 64);
    assert.deepEqual(received.ranges[0], { start: 998, end: 999 });
    assert.equal(received.delayMs(1000), 2);
  });

  it('forgets all numbers, and then tells of new ones alone', () => {
    const received = new ReceivedDatagrams();
    for (const number of [0, 7, 0xffffffff]) received.add(number, 1400, 1);
    received.forget();
    assert.deepEqual(received.ranges, []);
    received.add(9, 1400, 5);
    assert.deepEqual(received.ranges, [{ start: 9, end: 10 }]);
    assert.equal(received.delayMs(6), 1);
  });

  it('has what comes in order wait no longer than its first, and counts anew after each acknowledgement', () => {
    const received = new ReceivedDatagrams();
    received.add(0, 1400, 5);
    received.add(1, 1400, 5.9);
    assert.equal(received.ackAt, 6);
    received.onAcked(6);
    for (let number = 2; number < 33; number++) received.add(number, 1400, 10);
    assert.equal(received.ackAt, 11);
    received.add(33, 1400, 10.5);
    assert.equal(received.ackAt, 10.5);
  });

  it('says how long the highest has waited, whatever comes late or twice', () => {
    const received = new ReceivedDatagrams();
    received.add(0, 1400, 0);
    received.add(7, 1400, 1);
    received.add(3, 1400, 2);
    received.add(7, 1400, 3);
    assert.equal(received.delayMs(4), 3);
    received.onAcked(4);
    received.add(8, 1400, 5);
    assert.equal(received.ackAt, 6, 'the next one is in order');
  });
});
