// How a RateController begins: with what little it knows, and until it knows what the path takes.

import assert from 'node:assert/strict';
import { PathMemory } from '../../../src/engine/transfer/pathMemory.ts';
import { RateController } from '../../../src/engine/transfer/rateController.ts';

const D = 1_000;
const RTT_MS = 40;
const FIRST_FLIGHT = 32;

describe('a RateController that begins', () => {
  /** Sent at 0 in one go; acknowledged in lots, each so many ms after the one before. The window after each, in datagrams. */
  function firstFlight(rate: RateController, lot: number, everyMs: number): number[] {
    const mark = rate.markFor(0, true);
    return Array.from({ length: FIRST_FLIGHT / lot }, (_, index) => {
      const now = RTT_MS + index * everyMs;
      rate.onRttSample(RTT_MS, now);
      rate.onDelivered(lot * D, mark, 0, FIRST_FLIGHT * D, now);
      return Math.round(windowOf(rate));
    });
  }

  /** In datagrams. */
  const windowOf = (rate: RateController) => rate.windowBytes / D;

  it('has a first flight of 32 datagrams, which leaves in two milliseconds', () => {
    const rate = new RateController(D);
    assert.deepEqual([windowOf(rate), rate.pacingRate], [32, 16 * D]);
  });

  it('doubles what is in flight where all of it was acknowledged at once', () => {
    const rate = new RateController(D);
    firstFlight(rate, FIRST_FLIGHT, 0);
    assert.equal(windowOf(rate), 64);
    assert.ok(rate.pacingRate >= (64 * D) / RTT_MS);
  });

  it('sizes its second flight by the line: four fifths of what that brings in a round trip, and doubles from there on', () => {
    const windows = firstFlight(new RateController(D), 4, 1);
    assert.deepEqual(windows.slice(0, 2), [32, 32], 'eight that came behind the first ones say it');
    assert.deepEqual(windows.slice(2), [128, 132, 136, 140, 144, 148]);
  });

  it('takes no line for one that brings more than twelve times its first flight, nor what came within two milliseconds for one', () => {
    const fast = firstFlight(new RateController(D), 4, 2 / 6.99);
    assert.equal(fast.at(-1), Math.round(0.8 * 12 * FIRST_FLIGHT));
    const faster = firstFlight(new RateController(D), 4, 2 / 7.01);
    assert.ok((faster.at(-1) as number) < 2 * FIRST_FLIGHT, `${faster}`);
  });

  describe('on a path that a session before has filled', () => {
    const known = (rttMs: number) => {
      const memory = new PathMemory();
      memory.remember({ rate: 10 * D, rttMs: RTT_MS }, 0);
      const rate = new RateController(D, memory);
      rate.onRttSample(rttMs, 10);
      return [windowOf(rate), rate.pacingRate];
    };

    it('has three quarters of what it held in flight at once, at the rate that it had', () => {
      assert.deepEqual(known(RTT_MS), [300, 10 * D]);
      for (const rttMs of [RTT_MS / 2, RTT_MS * 2]) assert.deepEqual(known(rttMs), [300, 10 * D]);
    });

    it('begins as ever where its round trip is another one', () => {
      for (const rttMs of [RTT_MS / 2 - 1, RTT_MS * 2 + 1]) assert.deepEqual(known(rttMs), [32, 16 * D]);
    });
  });

  describe('and has filled its path', () => {
    /** Round trips, in each of which as much arrives in a millisecond as is said. What is asked for then, in parts of that. */
    function lineOf(rate: RateController) {
      let now = 0;
      return (inFlight: number, sampleMs: number | ((ack: number) => number) = RTT_MS, perMs = 100) => {
        const mark = rate.markFor(now, false);
        const sentAt = now;
        for (let passed = 0; passed < 10; passed++) {
          now += RTT_MS / 10;
          rate.onRttSample(typeof sampleMs === 'number' ? sampleMs : sampleMs(passed), now);
          rate.onDelivered((perMs * D * RTT_MS) / 10, mark, sentAt, inFlight * D, now);
        }
        return Math.round((10 * rate.pacingRate) / (perMs * D)) / 10;
      };
    }
    /** In datagrams, at 100 in a millisecond. */
    const PATH = 100 * RTT_MS;

    it('drains once the rate has not grown by a quarter for three rounds, then asks for a quarter more', () => {
      const round = lineOf(new RateController(D));
      const gains = [2, 2, 2, 2, 2, 1].map((paths) => round(paths * PATH));
      assert.deepEqual(gains, [2.8, 2.8, 2.8, 0.5, 0.5, 1.3]);
    });

    it('goes on as long as the rate grows by more', () => {
      const round = lineOf(new RateController(D));
      for (let [rounds, perMs] = [0, 100]; rounds < 10; rounds++, perMs *= 1.3)
        assert.ok(round(2 * PATH, RTT_MS, perMs) > 2.7, `${rounds}`);
    });

    it('counts three rounds one after the other', () => {
      const round = lineOf(new RateController(D));
      for (const perMs of [100, 100, 130, 130, 170, 170, 220, 220])
        assert.ok(round(2 * PATH, RTT_MS, perMs) > 2, `${perMs}`);
    });

    it('takes no jitter for a queue, nor a few long round trips at once', () => {
      const jittery = lineOf(new RateController(D));
      for (let [rounds, perMs] = [0, 100]; rounds < 10; rounds++, perMs *= 1.3)
        assert.ok(jittery(2 * PATH, (ack) => (ack % 4 === 0 ? 1 : 3) * RTT_MS, perMs) > 2.7, `${rounds}`);
      const rate = new RateController(D);
      const round = lineOf(rate);
      round(2 * PATH);
      for (let ack = 0; ack < 10; ack++) rate.onRttSample(3 * RTT_MS, RTT_MS + ack / 10);
      assert.ok(rate.pacingRate > 2.7 * 100 * D);
      rate.onDelivered(D, rate.markFor(RTT_MS, false), RTT_MS, 2 * PATH * D, RTT_MS + 1);
      assert.ok(rate.pacingRate > 2.7 * 100 * D);
    });

    it('drains at the first queue that stands, of half a round trip or more', () => {
      const round = lineOf(new RateController(D));
      const samples = [1, 1.49, 1.51];
      const gains = samples.map((trips) => round(2 * PATH, trips * RTT_MS));
      assert.deepEqual(gains, [2.8, 2.8, 0.5]);
    });
  });

  it('never has fewer than eight datagrams in flight, and sends a tenth of one in a round trip at least', () => {
    const rate = new RateController(D);
    for (let now = 0; now < 5_000; now += 10) {
      const mark = rate.markFor(now, true);
      rate.onRttSample(1, now + 10);
      rate.onDelivered(1, mark, now, 0, now + 10);
    }
    assert.deepEqual([windowOf(rate), rate.pacingRate], [8, D / 10]);
  });
});
