// What a RateController makes of a path that it has filled: of its round trips, its jitter and its losses.

import assert from 'node:assert/strict';
import { PathMemory } from '../../../src/engine/transfer/pathMemory.ts';
import { RateController } from '../../../src/engine/transfer/rateController.ts';

const D = 1_000;
const PER_MS = 10 * D;

describe('a RateController that has filled its path', () => {
  let rate: RateController;
  let memory: PathMemory;
  let now: number;
  let inFlightBytes: number;

  function begin(): void {
    memory = new PathMemory();
    rate = new RateController(D, memory);
    inFlightBytes = 0;
    now = 100;
  }

  /** Each millisecond brings as much, with a round trip of so long. */
  function pass(
    ms: number,
    rttMs: (at: number) => number,
    lostBytes: (at: number) => number = () => 0,
  ): void {
    for (const until = now + ms; now < until; now++) {
      rate.onRttSample(rttMs(now), now);
      if (lostBytes(now) > 0) rate.onLost(lostBytes(now));
      rate.onDelivered(PER_MS, rate.markFor(now - 5, false), now - 5, inFlightBytes, now);
    }
  }

  /** In ms of the path. */
  const windowMs = () => Math.round(rate.windowBytes / PER_MS);

  function near(measured: number, wanted: number): void {
    assert.ok(Math.abs(measured - wanted) <= 0.05 * wanted, `${measured}, not ${wanted}`);
  }

  it('has twice in flight what a long path holds, and on a short one what ten milliseconds bring', () => {
    begin();
    pass(2_000, () => 40);
    near(windowMs(), 80);
    begin();
    pass(2_000, () => 1);
    near(windowMs(), 2 + 9);
  });

  it('has it remembered for the next session, as far as there was enough to send', () => {
    begin();
    rate.onLimited(1e12);
    pass(500, () => 40);
    assert.equal(memory.knownAt(now), undefined);
    rate.onLimited(0);
    pass(2_000, () => 40);
    const { rate: known = 0, rttMs } = memory.knownAt(now) ?? {};
    near(known, PER_MS);
    assert.equal(rttMs, 40);
  });

  it('asks for a quarter more for a round trip, drains for three at most, and keeps the pace for six', () => {
    begin();
    pass(2_000, () => 40);
    inFlightBytes = 100 * PER_MS;
    const gains: [gain: number, ms: number][] = [];
    for (let passed = 0; passed < 2_000; passed++) {
      pass(1, () => 40);
      const gain = Math.round((4 * rate.pacingRate) / PER_MS) / 4;
      const last = gains.at(-1);
      if (last?.[0] === gain) last[1]++;
      else gains.push([gain, 1]);
    }
    const from = gains.findIndex(([gain], index) => index > 0 && gain === 1.25);
    const cycle = gains.slice(from, from + 3);
    assert.deepEqual(
      cycle.map(([gain]) => gain),
      [1.25, 0.75, 1],
    );
    for (const [index, wanted] of [40, 120, 240].entries()) near(cycle[index]?.[1] ?? 0, wanted);
  });

  it('takes for the shortest round trip what it was when it was measured anew', () => {
    begin();
    pass(2_000, () => 20);
    while (windowMs() >= 30) pass(1, () => 62);
    pass(1, () => 60);
    let probed = 1;
    for (; windowMs() < 30; probed++) pass(1, () => 62);
    near(probed, 200);
    pass(3_000, () => 62);
    assert.equal(windowMs(), 2 * 60);
  });

  it('goes on measuring until there is anything to measure by', () => {
    begin();
    pass(2_000, () => 20);
    while (windowMs() >= 30) pass(1, () => 62);
    for (const until = now + 300; now < until; now++)
      rate.onDelivered(PER_MS, rate.markFor(now - 5, false), now - 5, inFlightBytes, now);
    assert.ok(windowMs() < 30, `${windowMs()}`);
    pass(1, () => 60);
    assert.equal(windowMs(), 2 * 60);
  });

  it('does not measure it anew as long as it is met again', () => {
    begin();
    const windows = new Set<number>();
    for (let passed = 0; passed < 150; passed++) {
      pass(200, () => 20);
      if (passed > 10) windows.add(windowMs());
    }
    assert.deepEqual([...windows], [40]);
  });

  describe('has room for four mean deviations of its round trip', () => {
    for (const [what, rttMs, sampleMs, windowWanted] of [
      ['as they are', 40, 60, 80 + 40],
      ['a hundred milliseconds at most', 40, 140, 80 + 100],
      ['four of the shortest round trips at most', 12, 90, 24 + 48],
    ] as const)
      it(what, () => {
        begin();
        pass(5_000, (at) => (at % 2 === 0 ? rttMs : sampleMs));
        near(windowMs(), windowWanted);
      });

    it('but for those of the time before it had filled it: they were a queue of its own', () => {
      begin();
      const isStarting = () => rate.pacingRate > 2 * PER_MS;
      pass(10, (at) => (at % 2 === 0 ? 40 : 140));
      assert.ok(isStarting());
      while (isStarting()) pass(1, () => 40);
      pass(4, () => 40);
      near(windowMs(), 80);
    });
  });

  describe('and is told of losses', () => {
    const share = (lostBytes: (at: number) => number) => {
      begin();
      pass(4_000, () => 40, lostBytes);
      const lossy = rate.pacingRate;
      begin();
      pass(4_000, () => 40);
      return rate.pacingRate / lossy;
    };

    it('sends on top what is lost all the time', () =>
      near(
        share(() => PER_MS / 4),
        0.8,
      ));

    it('sends nothing on top for what is lost now and then', () =>
      near(
        share((at) => (at % 100 < 20 ? PER_MS : 0)),
        1,
      ));

    it('takes the path for clean again a second after the last of them', () => {
      begin();
      pass(1_000, () => 40);
      pass(
        10,
        () => 40,
        () => PER_MS,
      );
      assert.equal(rate.isLossyAt(now), true);
      pass(1_020, () => 40);
      assert.equal(rate.isLossyAt(now), false);
    });

    it('adds up what is lost of one sample, and owes nothing for what comes after all', () => {
      begin();
      pass(1_000, () => 40);
      for (let times = 0; times < 2; times++) rate.onLost(4 * PER_MS);
      const { roomBytes } = rate;
      pass(5, () => 40);
      assert.ok(rate.roomBytes < roomBytes, 'more than a quarter');
      begin();
      rate.onSpurious(100 * PER_MS);
      rate.onLost(4 * PER_MS);
      pass(10, () => 40);
      assert.equal(rate.isLossyAt(now), true);
    });
  });
});
