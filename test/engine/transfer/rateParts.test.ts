// The parts that decide how fast to send, each by itself.

import assert from 'node:assert/strict';
import { DeliveryRate } from '../../../src/engine/transfer/deliveryRate.ts';
import { Jitter } from '../../../src/engine/transfer/jitter.ts';
import { Pacer } from '../../../src/engine/transfer/pacer.ts';
import { RateController } from '../../../src/engine/transfer/rateController.ts';
import { WindowedExtreme } from '../../../src/engine/transfer/windowedExtreme.ts';
import { WindowSlack } from '../../../src/engine/transfer/windowSlack.ts';

describe('Pacer', () => {
  it('lets a burst go and then keeps the rate', () => {
    const pacer = new Pacer(1000, 64_000);
    pacer.fill(0, 500);
    let sent = 0;
    for (let now = 0; now < 1000; now++) {
      pacer.fill(now, 500);
      for (; pacer.maySend; sent += 1000) pacer.take(1000);
    }
    assert.ok(sent >= 500_000 && sent <= 505_000, `${sent}`);
  });

  it('does not let out at once what a pause has saved up', () => {
    const pacer = new Pacer(1000, 64_000);
    pacer.fill(0, 10_000);
    pacer.fill(1000, 10_000);
    let sent = 0;
    for (; pacer.maySend; sent++) pacer.take(1000);
    assert.ok(sent <= 40, `${sent}`);
  });

  it('keeps a rate that brings more than a burst in the time of a timer', () => {
    const pacer = new Pacer(1000, 64_000);
    pacer.fill(0, 200_000, 2_000_000);
    let sent = 0;
    for (let now = 0; now < 100; now += 1.5) {
      pacer.fill(now, 200_000, 2_000_000);
      for (; pacer.maySend; sent += 1000) pacer.take(1000);
    }
    assert.ok(sent >= 99 * 200_000, `${sent}`);
  });

  it('keeps its burst where buffers were seen to overflow', () => {
    const pacer = new Pacer(1000, 64_000);
    pacer.fill(0, 200_000, 100_000);
    pacer.fill(1000, 200_000, 100_000);
    let sent = 0;
    for (; pacer.maySend; sent++) pacer.take(1000);
    assert.equal(sent, 100);
  });

  it('says when a millisecond’s worth may go', () => {
    const pacer = new Pacer(1000, 64_000);
    pacer.fill(0, 2000);
    pacer.take(8000);
    assert.equal(pacer.maySend, false);
    assert.equal(pacer.readyAt(10, 2000), 11);
    pacer.take(1000);
    assert.equal(pacer.readyAt(10, 2000), 11.5, 'later by what went beyond');
    pacer.fill(1, 2000);
    assert.equal(pacer.readyAt(10, 2000), 10.5, 'sooner by what is there');
    pacer.fill(3, 2000);
    assert.equal(pacer.readyAt(10, 2000), 10);
  });

  it('has two datagrams go after a pause, however slow the path is', () => {
    const pacer = new Pacer(1000, 64_000);
    pacer.fill(0, 10);
    pacer.take(64_000);
    pacer.fill(60_000, 10);
    let sent = 0;
    for (; pacer.maySend; sent++) pacer.take(1000);
    assert.equal(sent, 2);
  });
});

describe('DeliveryRate', () => {
  it('measures what arrives between sending and acknowledgement', () => {
    const delivery = new DeliveryRate();
    const first = delivery.markFor(0, true);
    assert.deepEqual(delivery.onDelivered(5000, first, 0, 10), { rate: 500, isLimited: false });
    const second = delivery.markFor(10, false);
    assert.deepEqual(delivery.onDelivered(10_000, second, 10, 20), { rate: 1000, isLimited: false });
  });

  it('leaves out the time in which nothing was in flight', () => {
    const delivery = new DeliveryRate();
    delivery.onDelivered(5000, delivery.markFor(0, true), 0, 10);
    const mark = delivery.markFor(1_000, true);
    assert.equal(delivery.onDelivered(5000, mark, 1_000, 1_010)?.rate, 500);
  });

  it('is not fooled by acknowledgements that come in a lump', () => {
    const delivery = new DeliveryRate();
    const mark = delivery.markFor(0, true);
    delivery.onDelivered(1000, mark, 0, 100);
    // Sent over 100 ms, acknowledged within 4.
    const late = delivery.markFor(100, false);
    assert.equal(delivery.onDelivered(100_000, late, 100, 104)?.rate, 1000);
  });

  it('does not measure over less than two milliseconds', () => {
    const delivery = new DeliveryRate();
    const mark = delivery.markFor(0, true);
    assert.equal(delivery.onDelivered(5000, mark, 0, 1.9), undefined);
  });

  it('marks samples of a time when there was little to send', () => {
    const delivery = new DeliveryRate();
    delivery.markFor(0, true);
    delivery.onLimited(3000);
    const mark = delivery.markFor(5, false);
    assert.equal(delivery.onDelivered(3000, mark, 5, 15)?.isLimited, true);
    assert.equal(delivery.onDelivered(10, delivery.markFor(20, false), 20, 30)?.isLimited, false);
  });
});

describe('WindowedExtreme', () => {
  it('is the best of the window, and the last when nothing newer came', () => {
    const best = new WindowedExtreme(Math.max);
    assert.equal(best.value, undefined);
    best.add(9, 0, 100);
    best.add(5, 50, 100);
    assert.equal(best.value, 9);
    best.add(3, 105, 100);
    assert.equal(best.value, 5);
    best.add(1, 1000, 100);
    assert.equal(best.value, 1);
  });
});

describe('RateController', () => {
  it('makes no room for a queue because one comes and goes on a short path', () => {
    const rate = new RateController(1452);
    const perMs = 100_000;
    for (let now = 10; now < 2000; now++) {
      const rttMs = now % 50 === 0 ? 1 : 1 + (now % 200);
      rate.onRttSample(rttMs, now);
      rate.onDelivered(perMs, rate.markFor(now - 5, false), now - 5, 0, now);
    }
    assert.ok(rate.windowBytes > perMs, `${rate.windowBytes}`);
    assert.ok(rate.windowBytes < 40 * perMs, `${rate.windowBytes}`);
  });

  it('drains until what is in flight beyond the path takes less than a millisecond to deliver, and no longer', () => {
    const [perMs, rttMs] = [100_000, 0.5];
    const rate = new RateController(1452);
    let now = 10;
    const deliver = (queuedMs: number) => {
      now++;
      rate.onRttSample(rttMs, now);
      rate.onDelivered(perMs, rate.markFor(now - 5, false), now - 5, (rttMs + queuedMs) * perMs, now);
      return rate.pacingRate / perMs;
    };
    while (deliver(3) !== 0.75) assert.ok(now < 200);
    assert.equal(deliver(1.01), 0.75);
    assert.equal(deliver(0.99), 1);
  });
});

describe('the loss that a RateController is told of', () => {
  const DATAGRAM = 1452;
  const RTT_MS = 40;

  /** Acknowledges datagrams, each lot a millisecond after the one before and in a round trip of so long. */
  function path(rttMs = RTT_MS) {
    const rate = new RateController(DATAGRAM);
    let now = 100;
    const deliver = (datagrams: number, sampleMs = rttMs) => {
      now++;
      rate.onRttSample(sampleMs, now);
      rate.onDelivered(datagrams * DATAGRAM, rate.markFor(now - 5, false), now - 5, 0, now);
    };
    const isLossy = () => rate.isLossyAt(now);
    return { rate, deliver, isLossy };
  }

  it('is the path’s own where no queue stands, and sent on top, up to two fifths', () => {
    const [clean, lossy, worse] = [path(), path(), path()];
    for (let lot = 0; lot < 400; lot++) {
      lossy.rate.onLost(20 * DATAGRAM);
      worse.rate.onLost(240 * DATAGRAM);
      for (const { deliver } of [clean, lossy, worse]) deliver(60);
    }
    assert.deepEqual([clean.isLossy(), lossy.isLossy()], [false, true]);
    const share = ({ rate }: typeof clean) => clean.rate.pacingRate / rate.pacingRate;
    assert.ok(Math.abs(share(lossy) - 0.75) < 0.001, `${share(lossy)}`);
    assert.ok(Math.abs(share(worse) - 0.6) < 0.001, `${share(worse)}`);
  });

  it('is not the path’s own where a queue stands: sending more would keep it so', () => {
    const { rate, deliver, isLossy } = path();
    for (let lot = 0; lot < 20; lot++) deliver(60);
    for (let lot = 0; lot < 20; lot++) deliver(60, 2 * RTT_MS);
    for (let lot = 0; lot < 20; lot++) {
      rate.onLost(20 * DATAGRAM);
      deliver(60, 2 * RTT_MS);
    }
    assert.equal(isLossy(), false);
  });

  it('is none where it comes after all, before it was counted or behind', () => {
    const { rate, deliver, isLossy } = path();
    const roomBytes = rate.roomBytes;
    rate.onLost(40 * DATAGRAM);
    rate.onSpurious(40 * DATAGRAM);
    deliver(60);
    assert.deepEqual([isLossy(), rate.roomBytes], [false, roomBytes]);
    rate.onLost(40 * DATAGRAM);
    deliver(60);
    assert.ok(isLossy() && rate.roomBytes < roomBytes, 'it looks like an overflow');
    rate.onSpurious(40 * DATAGRAM);
    assert.equal(rate.roomBytes, roomBytes);
  });
});

describe('the pace of a RateController', () => {
  it('asks for more again at once, as long as that brings more', () => {
    const rttMs = 20;
    const rate = new RateController(1452);
    const onTheWay = Array<number>(rttMs).fill(1_000);
    let now = 0;
    const pass = (bytes: number) => {
      now++;
      onTheWay.push(bytes);
      rate.onRttSample(rttMs, now);
      rate.onDelivered(onTheWay.shift() ?? 0, rate.markFor(now - rttMs, false), now - rttMs, 0, now);
    };
    while (now < 400) pass(1_000);
    const { windowBytes } = rate;
    // From here on the line takes whatever is sent.
    while (now < 1_400) pass(rate.pacingRate);
    assert.ok(rate.windowBytes > 20 * windowBytes, `${windowBytes}, then ${rate.windowBytes}`);
  });
});

describe('the rate of a RateController', () => {
  const RTT_MS = 200;

  /** A path that was filled for two seconds, and what it is believed to deliver in a millisecond. */
  function filled() {
    const rate = new RateController(1452);
    let now = 0;
    const pass = (untilMs: number, perMs: number) => {
      while (now < untilMs) {
        now++;
        rate.onRttSample(RTT_MS, now);
        rate.onDelivered(perMs, rate.markFor(now - 5, false), now - 5, 0, now);
      }
      return rate.windowBytes / (2 * RTT_MS);
    };
    assert.ok(Math.abs(pass(2_000, 1_000) - 1_000) < 50);
    return { rate, pass };
  }

  it('is the best of ten round trips', () => {
    const { pass } = filled();
    assert.ok(pass(2_000 + 9 * RTT_MS, 100) > 900, 'a pause is no slow path');
    assert.ok(pass(2_000 + 12 * RTT_MS, 100) < 200);
  });

  it('is not lower because there was little to send', () => {
    const { rate, pass } = filled();
    rate.onLimited(1e9);
    assert.ok(pass(6_000, 100) > 900);
  });
});

describe('the shortest round trip of a RateController', () => {
  it('is measured anew with half of the window after ten seconds without a shorter one: paths become longer, too', () => {
    const perMs = 1_000;
    const rate = new RateController(1452);
    let now = 0;
    const run = (untilMs: number, rttMs: number) => {
      const windows = new Set<number>();
      for (; now < untilMs; now++) {
        rate.onRttSample(rttMs, now);
        rate.onDelivered(perMs, rate.markFor(now - 5, false), now - 5, 0, now);
        windows.add(Math.round(rate.windowBytes / perMs));
      }
      return windows;
    };
    run(2_000, 20);
    const [before] = run(2_001, 20);
    assert.equal(before, 40);
    const windows = run(12_300, 60);
    assert.ok(Math.min(...windows) < 15, `${[...windows]}`);
    run(12_900, 60);
    assert.ok(rate.windowBytes >= 120 * perMs, `${rate.windowBytes}`);
  });
});

describe('Jitter', () => {
  it('is how far samples are from their mean, and takes its time', () => {
    const jitter = new Jitter(1 / 4);
    assert.equal(jitter.meanMs, undefined);
    for (const sampleMs of [10, 30, 10, 30, 10, 30, 10, 30, 10, 30]) jitter.add(sampleMs);
    assert.ok(Math.abs((jitter.meanMs ?? 0) - 20) < 5, `${jitter.meanMs}`);
    assert.ok(Math.abs(jitter.deviationMs - 10) < 3, `${jitter.deviationMs}`);
  });
});

describe('WindowSlack', () => {
  it('shrinks at an overflow, once for each, and grows while nothing is lost', () => {
    const slack = new WindowSlack();
    const first = slack.bytes;
    slack.onLossSample(10, 100, 0);
    assert.equal(slack.bytes, first);
    for (let now = 0; now < 10; now++) slack.onLossSample(50, 100, now);
    assert.equal(slack.bytes, 0.6 * first);
    for (let now = 10; now < 1000; now += 10) slack.onLossSample(50, 100, now);
    const least = slack.bytes;
    assert.ok(least >= 64 * 1024);
    for (let sample = 0; sample < 140; sample++) slack.onLossSample(0, 100, 2000);
    assert.ok(slack.bytes >= 2 * least && slack.bytes < 2.1 * least);
    for (let sample = 0; sample < 10_000; sample++) slack.onLossSample(0, 100, 2000);
    assert.equal(slack.bytes, first);
  });

  it('is what it was when half of what was lost in an overflow comes after all', () => {
    const slack = new WindowSlack();
    const first = slack.bytes;
    slack.onLossSample(50_000, 100_000, 0);
    slack.onSpurious(24_000);
    assert.equal(slack.bytes, 0.6 * first);
    slack.onSpurious(1_000);
    assert.equal(slack.bytes, first);
    slack.onSpurious(50_000);
    assert.equal(slack.bytes, first);
  });
});
