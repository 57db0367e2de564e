import assert from 'node:assert/strict';
import { PendingNotes } from '../../../src/engine/io/pendingNotes.ts';

const digest = (byte: number) => Buffer.alloc(32, byte);

describe('notes that are not on the disk yet', () => {
  function notesOf(blocks: readonly number[]): PendingNotes {
    const notes = new PendingNotes();
    for (const [i, block] of blocks.entries()) notes.add(block, digest(i));
    return notes;
  }
  /** By run: its first block, and the first byte of each digest. */
  const runsOf = (notes: PendingNotes) =>
    [...notes.runs()].map(({ first, digests }) => [first, [...digests].filter((_, at) => at % 32 === 0)]);

  it('are written in as few pieces as there are gaps', () => {
    assert.deepEqual(runsOf(notesOf([4, 5, 6, 9])), [
      [4, [0, 1, 2]],
      [9, [3]],
    ]);
    assert.deepEqual(runsOf(notesOf([])), []);
  });

  it('are put in order where blocks came in another one', () => {
    assert.deepEqual(runsOf(notesOf([7, 5, 6, 2])), [
      [2, [3]],
      [5, [1, 2, 0]],
    ]);
  });

  it('of one block count in the order in which they came', () => {
    const notes = notesOf([3, 4, 3]);
    assert.deepEqual(runsOf(notes).at(-1), [3, [2, 1]]);
    assert.deepEqual(notes.digestOf(3), digest(2));
    assert.equal(notes.digestOf(5), undefined);
  });

  it('find room, however many, and are forgotten', () => {
    const blocks = Array.from({ length: 1_000 }, (_, block) => block);
    const notes = notesOf(blocks);
    const [run] = notes.runs();
    assert.equal(run?.digests.length, 32_000);
    assert.deepEqual(notes.digestOf(999), digest(999 % 256));
    notes.clear();
    assert.deepEqual([notes.count, notes.digestOf(0)], [0, undefined]);
    notes.add(8, digest(1));
    assert.deepEqual(runsOf(notes), [[8, [1]]]);
  });

  it('go behind those that were there', () => {
    const notes = notesOf([1, 2]);
    const later = new PendingNotes();
    later.add(2, digest(9));
    notes.addAll(later);
    assert.deepEqual([notes.count, notes.digestOf(1), notes.digestOf(2)], [3, digest(0), digest(9)]);
  });
});
