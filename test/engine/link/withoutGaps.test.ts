import assert from 'node:assert/strict';
import { withoutGaps } from '../../../src/engine/link/withoutGaps.ts';
import { decodeLinkFrame, type Entry } from '../../../src/wire/linkFrames.ts';

const said = (number: number): Entry => ({
  ...{ number, id: `${number}`.padStart(32, 'f'), at: 1 },
  body: { kind: 'text', text: `${number}` },
});

function kindsOf(entries: readonly Entry[]): string[] {
  return entries.map(({ number, body }) => `${number} ${body.kind}`);
}

describe('entries without gaps', () => {
  it('are what they were where none is missing', () => {
    const entries = [said(3), said(4)];
    assert.deepEqual(withoutGaps(entries, 2, 4, 10), entries);
    assert.deepEqual(withoutGaps([], 4, 4, 10), []);
  });

  it('have something withdrawn before, between and after those that there are', () => {
    assert.deepEqual(kindsOf(withoutGaps([said(2), said(4)], 0, 5, 10)), [
      '1 withdrawn',
      '2 text',
      '3 withdrawn',
      '4 text',
      '5 withdrawn',
    ]);
  });

  it('are no more than asked for, even when those that there are come later', () => {
    assert.deepEqual(
      withoutGaps([said(900)], 0, 900, 3).map(({ number }) => number),
      [1, 2, 3],
    );
  });

  it('are made up as entries that a peer takes', () => {
    const madeUp = withoutGaps([], 0, 40, 40).map((entry) => ({ kind: 'entry', ...entry }) as const);
    assert.deepEqual(madeUp.map(decodeLinkFrame), madeUp);
  });

  it('are made up the same each time', () => {
    assert.deepEqual(withoutGaps([], 0, 2, 2), withoutGaps([], 0, 2, 2));
  });
});
