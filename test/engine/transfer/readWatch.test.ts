// What the sender says of its own reads, in virtual time.

import assert from 'node:assert/strict';
import { LONGEST_DISK_CALL_MS, READING_MS } from '../../../src/engine/transfer/carrierParams.ts';
import { BLOCK_BYTES } from '../../../src/engine/transfer/params.ts';
import { ReadWatch, type WatchIn } from '../../../src/engine/transfer/readWatch.ts';

const HOUR_MS = 3_600_000;

class Trial {
  readonly machine = new ReadWatch(0);
  readonly said: [at: number, what: string][] = [];
  now = 0;

  tell(input: WatchIn): this {
    this.machine.handle(input, this.now);
    for (let out = this.machine.poll(); out !== undefined; out = this.machine.poll())
      this.said.push([this.now, out.kind]);
    return this;
  }

  ask(...blocks: number[]): this {
    for (const block of blocks) this.tell({ kind: 'asked', offset: block * BLOCK_BYTES });
    return this;
  }

  verify(blocks: number): this {
    return this.tell({ kind: 'verified', bytes: blocks * BLOCK_BYTES });
  }

  pass(ms: number): this {
    const end = this.now + ms;
    for (let at = this.machine.deadline(); at !== undefined && at <= end; at = this.machine.deadline()) {
      this.now = at;
      this.tell({ kind: 'time' });
    }
    this.now = end;
    return this;
  }
}

describe('the watch over the reads of a session', () => {
  it('counts from when a block was asked for, however long none was', () => {
    const trial = new Trial().ask(0).pass(10).tell({ kind: 'answered' });
    trial.pass(LONGEST_DISK_CALL_MS + 1_000).ask(1);
    assert.equal(trial.machine.deadline(), trial.now + LONGEST_DISK_CALL_MS);
    trial.tell({ kind: 'time' });
    assert.deepEqual(trial.said, [], 'and not because it is looked at');
  });

  it('has nothing to say once a read has taken too long', () => {
    const trial = new Trial().ask(0, 1).pass(LONGEST_DISK_CALL_MS);
    assert.equal(trial.said.at(-1)?.[1], 'tooLong');
    const { length } = trial.said;
    trial.tell({ kind: 'answered' }).ask(2).pass(HOUR_MS).tell({ kind: 'time' });
    assert.deepEqual([trial.said.length, trial.machine.deadline()], [length, undefined]);
  });

  it('says again and again that the first block is being read, until it is', () => {
    const trial = new Trial().ask(0, 1).pass(3 * READING_MS);
    assert.deepEqual(
      trial.said,
      [1, 2, 3].map((times) => [times * READING_MS, 'reading']),
    );
    trial.tell({ kind: 'answered' }).pass(LONGEST_DISK_CALL_MS - 1);
    assert.equal(trial.said.length, 3, 'from then on the block is on its way, whatever is being read');
  });

  it('says nothing while anything is on its way: that shows whether its road carries', () => {
    const trial = new Trial().ask(0, 1).tell({ kind: 'answered' }).pass(20_000);
    assert.deepEqual(trial.said, []);
    trial.verify(1).pass(READING_MS);
    assert.deepEqual(trial.said, [[20_000 + READING_MS, 'reading']]);
  });

  it('says nothing of reads that are quick', () => {
    const trial = new Trial();
    for (let block = 0; block < 1_000; block++)
      trial
        .ask(block)
        .pass(READING_MS - 1)
        .tell({ kind: 'answered' })
        .pass(1)
        .verify(block + 1);
    assert.deepEqual(trial.said, []);
    assert.equal(trial.machine.deadline(), undefined);
  });

  it('ends a read that takes two minutes, and counts for each only its own time', () => {
    const trial = new Trial().ask(0, 1).pass(LONGEST_DISK_CALL_MS - 1);
    trial.tell({ kind: 'answered' }).pass(LONGEST_DISK_CALL_MS - 1);
    assert.ok(trial.said.every(([, what]) => what === 'reading'));
    trial.pass(1);
    assert.deepEqual(trial.said.at(-1), [trial.now, 'tooLong']);
    assert.equal(trial.machine.deadline(), undefined);
    trial.ask(2).pass(HOUR_MS);
    assert.deepEqual(trial.said.at(-1)?.[1], 'tooLong');
    assert.equal(trial.said.filter(([, what]) => what === 'tooLong').length, 1);
  });

  it('says that a digest is made however quick each read for it is, and gives each of them two minutes', () => {
    const trial = new Trial().ask(20).verify(20);
    for (let read = 0; read < 10; read++) trial.pass(READING_MS / 2).tell({ kind: 'answeredInPart' });
    assert.deepEqual(
      trial.said,
      [1, 2, 3, 4, 5].map((times) => [times * READING_MS, 'reading']),
    );
    for (let read = 0; read < 3; read++)
      trial.pass(LONGEST_DISK_CALL_MS - 1).tell({ kind: 'answeredInPart' });
    assert.ok(trial.said.every(([, what]) => what === 'reading'));
    trial.pass(LONGEST_DISK_CALL_MS);
    assert.deepEqual(trial.said.at(-1), [trial.now, 'tooLong']);
  });

  it('gives a read its time anew after a sleep', () => {
    const trial = new Trial().ask(0);
    trial.now = HOUR_MS;
    trial.tell({ kind: 'time' });
    assert.deepEqual(trial.said, [[HOUR_MS, 'reading']]);
    trial.pass(LONGEST_DISK_CALL_MS);
    assert.deepEqual(trial.said.at(-1), [HOUR_MS + LONGEST_DISK_CALL_MS, 'tooLong']);
  });
});
