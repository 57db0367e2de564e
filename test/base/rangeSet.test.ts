import assert from 'node:assert/strict';
import { type Range, RangeSet } from '../../src/base/rangeSet.ts';
import { seededRandom } from '../support/seededRandom.ts';

const SPAN = 60;

function rangesOf(model: Set<number>): Range[] {
  const ranges: Range[] = [];
  for (let start = 0; start < SPAN; start++) {
    if (!model.has(start) || model.has(start - 1)) continue;
    let end = start + 1;
    while (model.has(end)) end++;
    ranges.push({ start, end });
  }
  return ranges;
}

function missingOf(model: Set<number>, start: number, end: number): number[] {
  const missing: number[] = [];
  for (let value = start; value < end; value++) if (!model.has(value)) missing.push(value);
  return missing;
}

describe('RangeSet', () => {
  it('does what a set of numbers does, whatever is added and in whatever order', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = seededRandom(seed);
      const pick = () => Math.floor(SPAN * random());
      const [set, model] = [new RangeSet(), new Set<number>()];
      for (let step = 0; step < 40; step++) {
        const start = pick();
        const end = random() < 0.5 ? start + 1 : Math.min(SPAN, start + Math.floor(8 * random()));
        const added = missingOf(model, start, end);
        for (const value of added) model.add(value);
        const place = `seed ${seed}, step ${step}`;
        assert.equal(set.add(start, end), added.length, place);
        assert.deepEqual(set.ranges, rangesOf(model), place);
        assert.equal(set.size, model.size, place);
        const [from, to] = [pick(), pick()];
        assert.equal(set.has(from), model.has(from), place);
        assert.equal(set.firstMissing(from), missingOf(model, from, SPAN + 1)[0], place);
        assert.deepEqual(set.missing(from, to), rangesOf(new Set(missingOf(model, from, to))), place);
      }
    }
  });

  it('adds one number when no end is given', () => {
    const set = new RangeSet();
    assert.equal(set.add(4), 1);
    assert.equal(set.add(4), 0);
    assert.deepEqual(set.ranges, [{ start: 4, end: 5 }]);
  });

  it('takes nothing from an empty or backward range', () => {
    const set = new RangeSet();
    assert.equal(set.add(4, 4), 0);
    assert.equal(set.add(4, 2), 0);
    assert.equal(set.add(Number.NaN, 2), 0);
    assert.equal(set.size, 0);
  });

  it('forgets the lowest ranges when only so many may be kept', () => {
    const set = new RangeSet();
    for (const start of [0, 10, 20, 30]) set.add(start, start + 2);
    set.keepHighest(2);
    assert.deepEqual(set.ranges, [
      { start: 20, end: 22 },
      { start: 30, end: 32 },
    ]);
    assert.equal(set.size, 4);
    set.keepHighest(5);
    assert.equal(set.size, 4);
  });

  it('hands out ranges that later additions do not change', () => {
    const set = new RangeSet();
    set.add(0);
    const [first] = set.ranges;
    set.add(1);
    assert.deepEqual(first, { start: 0, end: 1 });
  });

  it('is empty once cleared', () => {
    const set = new RangeSet();
    set.add(3, 9);
    set.clear();
    assert.equal(set.size, 0);
    assert.deepEqual(set.ranges, []);
    assert.equal(set.firstMissing(), 0);
  });
});
