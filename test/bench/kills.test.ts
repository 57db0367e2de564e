import assert from 'node:assert/strict';
import { rowOf } from '../../bench/kills.ts';

const outcome = {
  pointBytes: 9,
  unwrittenBytes: 8,
  lostBytes: 7,
  sentAgainBytes: 6,
  readAgainBytes: 5,
  ms: 4,
};

describe('the table of interrupted files', () => {
  it('says what a killed receiver lost and read', () => {
    const { blocksAgainBytes, receiver } = rowOf('udp', 'receiver killed', [outcome, outcome]);
    assert.equal(blocksAgainBytes, 12);
    assert.deepEqual(
      [receiver?.lostBytes, receiver?.unwrittenBytes.median, receiver?.readAgainBytes.median],
      [14, 8, 5],
    );
  });

  it('claims nothing of a receiver that went on', () => {
    const rows = (['sender killed', 'link cut', 'path cut'] as const).map((how) =>
      rowOf('tls', how, [outcome]),
    );
    assert.deepEqual(
      rows.map(({ receiver }) => receiver),
      [undefined, undefined, undefined],
    );
  });
});
