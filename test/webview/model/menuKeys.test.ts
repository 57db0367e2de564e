import assert from 'node:assert/strict';
import { itemAfter } from '../../../webview/model/menuKeys.ts';

/** Three reactions and one, and two entries below: 0 1 2 / 3 / 4 / 5. */
const PLACES = [
  { top: 4, start: 0 },
  { top: 4.4, start: 30 },
  { top: 4, start: 60 },
  { top: 34, start: 0 },
  { top: 68, start: 0 },
  { top: 94, start: 0 },
];

describe('menuKeys', () => {
  const from = (at: number, key: string, isReversed = false) => itemAfter(key, at, PLACES, isReversed);

  it('goes down and up by rows, to what begins nearest, and around the ends', () => {
    assert.deepEqual([from(0, 'ArrowDown'), from(2, 'ArrowDown'), from(3, 'ArrowDown')], [3, 3, 4]);
    assert.deepEqual([from(4, 'ArrowUp'), from(3, 'ArrowUp')], [3, 0]);
    assert.deepEqual([from(5, 'ArrowDown'), from(1, 'ArrowUp')], [0, 5]);
  });

  it('goes on and back one by one the way the words run', () => {
    assert.deepEqual([from(0, 'ArrowRight'), from(2, 'ArrowRight'), from(0, 'ArrowLeft')], [1, 3, 5]);
    assert.deepEqual([from(0, 'ArrowLeft', true), from(1, 'ArrowRight', true)], [1, 0]);
  });

  it('goes to the first and the last, and begins at either end', () => {
    assert.deepEqual([from(3, 'Home'), from(1, 'End')], [0, 5]);
    for (const [on, back] of [
      ['ArrowDown', 'ArrowUp'],
      ['ArrowRight', 'ArrowLeft'],
    ] as const)
      assert.deepEqual([from(-1, on), from(-1, back)], [0, 5]);
  });

  it('leaves other keys alone', () => {
    assert.equal(from(0, 'a'), undefined);
  });
});
