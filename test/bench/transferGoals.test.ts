import assert from 'node:assert/strict';
import { goalOf, standsAt } from '../../bench/goals.ts';
import { goalsOf } from '../../bench/transfer/goals.ts';
import type { Row } from '../../bench/transfer/race.ts';

const OURS = 'Hamta, sealed, from memory to memory';
const even = (median: number) => ({ median, min: median, max: median });

function steady(row: Partial<Row>) {
  const title = '50 times';
  const runs = { done: 50, wanted: 50 };
  return goalsOf({ id: 'far-steady', title, rows: [{ contender: OURS, runs, p95: 1.2, ...row }] });
}

describe('the goals of a transfer’s table', () => {
  it('say how many of the wanted runs were exact', () => {
    const [exact] = steady({});
    assert.deepEqual([exact?.value, exact?.target, exact?.standing], [50, 50, 'moonshot']);
  });

  it('are short where one of 50 failed', () => {
    const [exact] = steady({ runs: { done: 49, wanted: 50 } });
    assert.deepEqual([exact?.value, exact?.standing], [49, 'short of the target']);
  });

  it('say nothing of one in twenty when a run failed', () => {
    const [, p95] = steady({ runs: { done: 22, wanted: 50 } });
    assert.deepEqual(
      [p95?.value, p95?.standing, p95?.why],
      [undefined, 'not measured', '22 of 50 runs were done'],
    );
  });

  it('say so when somebody to compare with did not run', () => {
    const runs = { done: 5, wanted: 5 };
    const goals = goalsOf({
      id: 'veth-10',
      title: '',
      rows: [{ contender: OURS, runs, rate: even(90), cpu: even(1) }],
    });
    assert.deepEqual(
      goals.map(({ standing, why }) => [standing, why]),
      [['not measured', 'no run of udx-native, not sealed']],
    );
  });

  it('are plain JSON', () => {
    const goals = steady({});
    assert.deepEqual(JSON.parse(JSON.stringify(goals)), goals);
  });
});

describe('a goal', () => {
  const ms = { text: 'p99', good: 30, target: 10, moonshot: 3, isCost: true, unit: 'ms' };

  it('of a time is reached from above', () => {
    const standings = [2, 9, 20, 40].map((value) => goalOf(ms, value).standing);
    assert.deepEqual(standings, [
      'moonshot',
      'target reached',
      'good, short of the target',
      'short of the target',
    ]);
  });

  it('is printed with its value and with all that was wanted', () => {
    assert.equal(
      standsAt(goalOf(ms, 20.5)),
      '20.50 ms  good 30, target 10, moonshot 3: good, short of the target',
    );
  });

  it('that nothing was measured for is printed as such', () => {
    assert.equal(
      standsAt(goalOf(ms, { why: 'no message' })),
      'not measured  good 30, target 10, moonshot 3: no message',
    );
  });
});
