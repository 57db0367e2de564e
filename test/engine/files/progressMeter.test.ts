import assert from 'node:assert/strict';
import { ProgressMeter } from '../../../src/engine/files/progressMeter.ts';

describe('the progress meter', () => {
  it('tells a few times a second, however often it is asked', () => {
    const meter = new ProgressMeter(0, 0);
    const told = Array.from({ length: 1_000 }, (_, ms) => meter.advance(ms * 1_000, ms)).filter(Boolean);
    assert.equal(told.length, 6);
  });

  it('shows a steady speed as it is', () => {
    const meter = new ProgressMeter(0, 0);
    for (let ms = 150; ms <= 3_000; ms += 150) meter.advance(ms * 1_000, ms);
    assert.equal(meter.bytesPerSecond, 1_000_000);
  });

  it('does not count what was there before', () => {
    const meter = new ProgressMeter(5_000_000, 1_000);
    meter.advance(5_001_000, 2_000);
    assert.equal(meter.bytesPerSecond, 1_000);
  });

  it('follows a new speed within a few seconds, smoothly', () => {
    const meter = new ProgressMeter(0, 0);
    meter.advance(1_000_000, 1_000);
    meter.advance(1_000_000, 2_000);
    assert.equal(meter.bytesPerSecond, 500_000);
    for (let ms = 3_000; ms <= 12_000; ms += 1_000) meter.advance(1_000_000, ms);
    assert.ok(meter.bytesPerSecond < 1_000);
  });
});
