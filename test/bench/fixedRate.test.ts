import assert from 'node:assert/strict';
import { FixedRate } from '../../bench/editor/fixedRate.ts';

const EVERY_MS = 20;

class Stage {
  ms = 0;
  readonly ends: PromiseWithResolvers<void>[] = [];
  readonly rate = new FixedRate({ everyMs: EVERY_MS, now: () => this.ms }, () => {
    const end = Promise.withResolvers<void>();
    this.ends.push(end);
    return end.promise;
  });

  /** By so much at once, and all that began ends then. */
  async endAllAt(ms: number): Promise<void> {
    this.ms = ms;
    for (const { resolve } of this.ends) resolve();
    await this.rate.settled();
  }
}

describe('what is measured at a fixed rate', () => {
  it('meets a long stall as often as it would have begun within it', async () => {
    const stage = new Stage();
    for (stage.ms = 0; stage.ms < 1000; stage.ms += EVERY_MS) stage.rate.beginDue();
    await stage.endAllAt(1000);
    assert.equal(stage.rate.took.length, 50);
    assert.deepEqual([Math.min(...stage.rate.took), Math.max(...stage.rate.took)], [20, 1000]);
  });

  it('counts from when it was due, where the thread itself stood still', async () => {
    const stage = new Stage();
    stage.rate.beginDue();
    stage.ms = 95;
    assert.equal(stage.rate.beginDue(), 5);
    await stage.endAllAt(100);
    assert.deepEqual(stage.rate.took, [100, 80, 60, 40, 20]);
  });

  it('does not count a timer’s own lateness', async () => {
    const stage = new Stage();
    stage.rate.beginDue();
    stage.ms = 21;
    stage.rate.beginDue();
    await stage.endAllAt(25);
    assert.deepEqual(stage.rate.took, [25, 4]);
  });

  it('is bounded, and says how many were left out', async () => {
    const stage = new Stage();
    stage.ms = EVERY_MS * 599;
    stage.rate.beginDue();
    assert.deepEqual([stage.ends.length, stage.rate.leftOut], [512, 88]);
    await stage.endAllAt(stage.ms);
  });

  it('asks for no time before now, when time passes meanwhile', () => {
    let ms = 0;
    const pace = { everyMs: EVERY_MS, now: () => (ms += 15) };
    const rate = new FixedRate(pace, () => Promise.resolve());
    assert.ok(Array.from({ length: 9 }, () => rate.beginDue()).every((wait) => wait >= 0));
  });

  it('rejects with what failed', async () => {
    const rate = new FixedRate({ everyMs: EVERY_MS, now: () => 0 }, () => Promise.reject(new Error('gone')));
    rate.beginDue();
    await assert.rejects(rate.settled(), /gone/);
  });
});
