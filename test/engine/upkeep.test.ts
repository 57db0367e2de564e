import assert from 'node:assert/strict';
import { loggerOf } from '../../src/base/logger.ts';
import { fail } from '../../src/contract/failure.ts';
import { Upkeep } from '../../src/engine/upkeep.ts';

describe('upkeep', () => {
  let now: number;
  let waits: number[];
  let onTime: (() => void) | undefined;
  let work: () => boolean;
  let warnings: string[];
  let upkeep: Upkeep;

  beforeEach(() => {
    now = 0;
    waits = [];
    warnings = [];
    onTime = undefined;
    work = () => false;
    upkeep = new Upkeep(
      () => work(),
      loggerOf('store', ({ text }) => warnings.push(text)),
      { now: () => now },
      (ms, then) => {
        waits.push(ms);
        onTime = then;
        return {
          dispose: () => {
            onTime = undefined;
          },
        };
      },
    );
  });

  it('begins once things are quiet, and waits once for many changes', () => {
    upkeep.soon();
    upkeep.soon();
    assert.deepEqual(waits, [250]);
  });

  it('leaves four fifths of the time to others until nothing is left to do', () => {
    let pieces = 0;
    work = () => {
      now += 3;
      return ++pieces < 3;
    };
    upkeep.soon();
    for (let i = 0; i < 3; i++) onTime?.();
    assert.deepEqual([pieces, waits], [3, [250, 12, 12]]);
    upkeep.soon();
    assert.equal(waits.length, 4);
  });

  it('that the disk does not take waits for the next change', () => {
    work = () => {
      throw fail('diskFull', { path: 'x' });
    };
    upkeep.soon();
    onTime?.();
    assert.deepEqual([waits.length, warnings.length], [1, 1]);
    upkeep.soon();
    assert.equal(waits.length, 2);
  });

  it('is over when it is disposed of', () => {
    upkeep.soon();
    upkeep.dispose();
    upkeep.soon();
    assert.equal(onTime, undefined);
    assert.equal(waits.length, 1);
  });
});
