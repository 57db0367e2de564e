import assert from 'node:assert/strict';
import { inBatches } from '../../../webview/model/batches.ts';

describe('batches', () => {
  let taken: (readonly number[])[];
  let pauses: number[];
  let frames: number;
  let endPause: () => void;
  let draw: () => void;
  let give: (item: number) => void;

  beforeEach(() => {
    taken = [];
    pauses = [];
    frames = 0;
    const startTimer = (ms: number, onTime: () => void) => {
      pauses.push(ms);
      endPause = onTime;
    };
    const startFrame = (onFrame: () => void) => {
      frames += 1;
      draw = onFrame;
    };
    give = inBatches({ everyMs: 50, startTimer, startFrame }, (items) => taken.push(items));
  });

  it('hand over in the next frame what comes alone', () => {
    give(1);
    assert.deepEqual(taken, []);
    draw();
    assert.deepEqual(taken, [[1]]);
    endPause();
    give(2);
    draw();
    assert.deepEqual(taken, [[1], [2]]);
  });

  it('hand over together, in order, what comes before the frame', () => {
    for (const item of [1, 2, 3]) give(item);
    draw();
    assert.deepEqual(taken, [[1, 2, 3]]);
    assert.equal(frames, 1);
  });

  it('hand over together, in order, in the frame after it, what comes during a pause', () => {
    give(1);
    draw();
    for (const item of [2, 3]) give(item);
    assert.equal(frames, 1);
    endPause();
    assert.deepEqual(taken, [[1]]);
    draw();
    assert.deepEqual(taken, [[1], [2, 3]]);
  });

  it('pause after every hand-over, and only then', () => {
    give(1);
    draw();
    give(2);
    endPause();
    draw();
    assert.deepEqual(pauses, [50, 50]);
    endPause();
    assert.deepEqual([pauses, frames], [[50, 50], 2]);
  });
});
