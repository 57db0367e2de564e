// Sessions that begin in the middle of a file, with more of it there behind the first gap.

import assert from 'node:assert/strict';
import type { Range } from '../../../src/base/rangeSet.ts';
import { BLOCK_BYTES } from '../../../src/engine/transfer/params.ts';
import { seededRandom } from '../../support/seededRandom.ts';
import { TransferPair } from './transferPair.ts';

const BLOCKS = 40;
const SIZE_BYTES = BLOCKS * BLOCK_BYTES - 7;
const A_MINUTE = 60_000;

function asked(pair: TransferPair): number[] {
  return pair.sent.flatMap((out) => (out.kind === 'needBlock' ? [out.index] : []));
}

function goOn(firstBlock: number, have: readonly Range[], seed = 1, loss = 0): TransferPair {
  const path = { latencyMs: 5, loss, reorder: loss };
  return new TransferPair({ seed, sizeBytes: SIZE_BYTES, path, firstBlock, have }).start().run(A_MINUTE);
}

describe('a session that goes on with a file', () => {
  it('brings what is missing and nothing else', () => {
    const pair = goOn(3, [
      { start: 5, end: 8 },
      { start: 10, end: 38 },
    ]);
    assert.ok(pair.isExact);
    assert.deepEqual(asked(pair), [3, 4, 8, 9, 38, 39]);
  });

  it('brings the last block in any case', () => {
    const pair = goOn(0, [{ start: 1, end: BLOCKS }]);
    assert.ok(pair.isExact);
    assert.deepEqual(asked(pair), [0, BLOCKS - 1]);
  });

  it('is exact whatever is there and whatever is lost on the way', () => {
    for (let seed = 1; seed <= 50; seed++) {
      const random = seededRandom(seed);
      const first = Math.floor(random() * BLOCKS);
      const have = Array.from({ length: 3 }, () => {
        const start = first + 1 + Math.floor(random() * BLOCKS);
        return { start, end: start + Math.floor(random() * 10) };
      }).filter(({ start, end }) => start < end && end <= BLOCKS);
      assert.ok(goOn(first, have, seed, 0.1).isExact, `seed ${seed}`);
    }
  });
});
