import assert from 'node:assert/strict';
import { inBatches } from '../../../webview/model/batches.ts';

describe('batches', () => {
  let taken: (readonly number[])[];
  let pauses: number[];
  let endPause: () => void;
  let give: (item: number) => void;

  beforeEach(() => {
    taken = [];
    pauses = [];
    const startTimer = (ms: number, onTime: () => void) => {
      pauses.push(ms);
      endPause = onTime;
    };
    give = inBatches(50, startTimer, (items) => taken.push(items));
  });

  it('hand over at once what comes alone', () => {
    give(1);
    assert.deepEqual(taken, [[1]]);
    endPause();
    give(2);
    assert.deepEqual(taken, [[1], [2]]);
  });

  it('hand over together, in order, what comes during a pause', () => {
    for (const item of [1, 2, 3]) give(item);
    assert.deepEqual(taken, [[1]]);
    endPause();
    assert.deepEqual(taken, [[1], [2, 3]]);
  });

  it('pause after every hand-over, and only then', () => {
    for (const item of [1, 2]) give(item);
    endPause();
    assert.deepEqual(pauses, [50, 50]);
    endPause();
    assert.deepEqual(pauses, [50, 50]);
  });
});
