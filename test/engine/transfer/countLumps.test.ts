import assert from 'node:assert/strict';
import { CountLumps } from '../../../src/engine/transfer/countLumps.ts';

const BLOCK_MS = 52;

function countedAll(...counts: readonly { readonly blocks: number; readonly sinceMs: number }[]): CountLumps {
  const lumps = new CountLumps();
  for (const { blocks, sinceMs } of counts) lumps.counted(blocks, sinceMs, BLOCK_MS);
  return lumps;
}

const inTime = { blocks: 1, sinceMs: BLOCK_MS };
const behindOthers = { blocks: 1, sinceMs: 250 };
const behindALoss = { blocks: 1, sinceMs: 100 };

describe('the lumps in which blocks are counted', () => {
  it('are none where blocks wait in a queue that others fill: they come late, and then no quicker than the line', () => {
    const burst = [behindOthers, inTime, inTime];
    assert.equal(countedAll(...burst, ...burst, ...burst, ...burst, ...burst).areMany, false);
  });

  it('are several blocks at once, or one right behind another', () => {
    const atOnce = [behindALoss, { blocks: 2, sinceMs: BLOCK_MS }];
    const rightBehind = [behindALoss, { blocks: 1, sinceMs: 4 }];
    assert.equal(countedAll(...atOnce, ...rightBehind, ...atOnce, ...rightBehind).areMany, true);
  });

  it('are not many where a disk or a process was late for a moment', () => {
    const late = [behindALoss, { blocks: 1, sinceMs: 4 }];
    assert.equal(countedAll(...late, ...late, ...late).areMany, false);
  });

  it('are not many any more after as many counts without', () => {
    const lumps = Array.from({ length: 4 }, () => ({ blocks: 3, sinceMs: BLOCK_MS }));
    const without = (counts: number) => Array.from({ length: counts }, () => inTime);
    assert.equal(countedAll(...lumps, ...without(28)).areMany, true);
    assert.equal(countedAll(...lumps, ...without(29)).areMany, false);
  });
});
