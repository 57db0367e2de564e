// When a receiver acknowledges what comes: soon, at once where it matters, and not more often than it helps.

import assert from 'node:assert/strict';
import { BLOCK_BYTES } from '../../../src/engine/transfer/params.ts';
import { ReceivedDatagrams } from '../../../src/engine/transfer/receivedDatagrams.ts';
import { ReceiveTrial } from './receiveTrial.ts';

interface News {
  /** What the sender should know. */
  readonly what: string;
  readonly sizeBytes?: number;
  readonly prepare?: (trial: ReceiveTrial) => void;
  readonly come: (trial: ReceiveTrial, now: number) => void;
}

/** The last number before them is 2. */
const NEWS: News[] = [
  { what: 'a hole', come: (trial, now) => trial.data(4, 1, 0, now) },
  { what: 'what fills a hole', come: (trial, now) => trial.data(1, 1, 0, now) },
  {
    what: 'a wrong tag',
    prepare: (trial) => trial.data(1, 1, 0, 0, true),
    come: (trial, now) => trial.data(3, 1, 1, now),
  },
  { what: 'what is refused', come: (trial, now) => trial.data(3, 4, 0, now) },
  { what: 'the end', sizeBytes: BLOCK_BYTES, come: (trial, now) => trial.data(3, 0, 1, now) },
  {
    what: 'a limit that has grown',
    prepare: (trial) => trial.data(1, 0, 1, 0),
    come: (trial, now) => trial.tell({ kind: 'written', index: 0 }, now),
  },
];

describe('an acknowledgement', () => {
  it('leaves one ms after something came, whatever comes meanwhile, and says how long the newest has waited', () => {
    const trial = new ReceiveTrial().data(0, 0, 0, 5).wait(5.5).data(1, 1, 0, 5.5).wait(5.75);
    assert.deepEqual(trial.data(2, 2, 0, 5.75).wait(20).ackedAt, [6]);
    assert.deepEqual([trial.told, trial.acks[0]?.delayMs], [[0, 1, 2], 0.25]);
  });

  it('says how long the highest number has waited, whatever came behind it, or twice', () => {
    const trial = new ReceiveTrial().probe(2, 5).data(4, 1, 0, 5.125).data(3, 1, 1, 5.1875);
    assert.deepEqual(
      [trial.data(4, 1, 0, 5.1875).wait(20).ackedAt.at(-1), trial.acks.at(-1)?.delayMs],
      [5.25, 0.125],
    );
  });

  it('leaves at once with each 32nd datagram', () => {
    const trial = new ReceiveTrial({ pieces: 64 });
    for (let number = 0; number < 64; number++) trial.data(number, 1, number, number < 32 ? 5 : 5.5);
    assert.deepEqual(trial.ackedAt, [5, 5.5]);
    assert.deepEqual(
      trial.acks.map(({ ranges }) => ranges),
      [[{ start: 0, end: 32 }], [{ start: 0, end: 64 }]],
    );
  });

  it('leaves at once with each 128 KiB', () => {
    const trial = new ReceiveTrial({ windowBlocks: 5 });
    for (let number = 0; number < 8; number++) trial.data(number, 1 + (number >> 1), number & 1, 5);
    assert.deepEqual(
      trial.acks.map(({ ranges }) => ranges),
      [[{ start: 0, end: 4 }], [{ start: 0, end: 8 }]],
    );
  });

  it('leaves at once when all has come, also where it is the first', () => {
    const trial = new ReceiveTrial({ sizeBytes: BLOCK_BYTES }).data(0, 0, 0, 5).data(1, 0, 1, 5);
    assert.deepEqual(trial.ackedAt, [5]);
  });

  for (const { what, sizeBytes = 5 * BLOCK_BYTES, prepare, come } of NEWS) {
    const begun = () => {
      const trial = new ReceiveTrial({ sizeBytes }).data(0, 0, 0, 0);
      prepare?.(trial);
      return trial.probe(2, 5);
    };

    it(`leaves at once at ${what}`, () => {
      const trial = begun();
      come(trial, 6);
      assert.equal(trial.ackedAt.at(-1), 6);
    });

    it(`leaves a quarter of a ms after the last one at ${what}`, () => {
      const trial = begun();
      come(trial, 5.125);
      assert.deepEqual([trial.ackedAt.at(-1), trial.wait(20).ackedAt.at(-1)], [5, 5.25]);
    });
  }
});

describe('what a receiver keeps of the numbers that came', () => {
  it('is 64 ranges, the highest, however many are lost or made up', () => {
    const received = new ReceivedDatagrams();
    for (let number = 0; number < 1_000; number += 2) received.add(number, 100, 0);
    const ranges = Array.from({ length: 64 }, (_, i) => ({ start: 998 - 2 * i, end: 999 - 2 * i }));
    assert.deepEqual(received.ranges, ranges);
  });
});
