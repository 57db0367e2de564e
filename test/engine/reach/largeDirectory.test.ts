// How often the engines of a large registry ask who is there: all of them together are its load.

import assert from 'node:assert/strict';
import {
  LIST_MS,
  LONGEST_LIST_MS,
  type RegistrationIn,
} from '../../../src/engine/reach/registrationMachine.ts';
import { Bench } from './registrationBench.ts';

const PAGES = 50;
const PUSHED = { kind: 'pushed', isLive: true } as const;
const LOST = { kind: 'pushed', isLive: false } as const;

describe('asking who is there at a large registry', () => {
  let bench: Bench;

  beforeEach(() => {
    bench = new Bench();
  });

  it('is no more than a page each ten seconds while changes are pushed', () => {
    bench.tell(PUSHED);
    bench.settle(PAGES);
    assert.deepEqual(bench.timesOf('list', 110 * LIST_MS, PAGES), [50 * LIST_MS, 100 * LIST_MS]);
  });

  it('is as rare where that begins after the first list', () => {
    bench.settle(PAGES);
    bench.tell(PUSHED);
    assert.deepEqual(bench.timesOf('list', 60 * LIST_MS, PAGES), [50 * LIST_MS]);
  });

  it('is not more frequent because it could not be read', () => {
    bench.settle(PAGES);
    const times = bench.timesOf('list', 2.5 * LONGEST_LIST_MS, 0);
    assert.deepEqual(times, [LONGEST_LIST_MS, 2 * LONGEST_LIST_MS]);
  });

  it('is soon again where it cannot be read after a time without the registry', () => {
    bench.settle(PAGES);
    bench.wait();
    bench.fail();
    bench.wait();
    bench.answer();
    bench.tell({ kind: 'listed', pages: 0 });
    assert.equal(bench.machine.deadline(), bench.now + LIST_MS);
  });

  describe('by many who hear the same at one moment', () => {
    const CROWD = 100;
    /** How many of them ask within `ms`, all of whom had a list five minutes ago. */
    const asking = (ms: number, ...said: readonly RegistrationIn[]) =>
      Array.from({ length: CROWD }, (_, i) => new Bench(() => i / CROWD)).filter((each) => {
        each.tell(PUSHED);
        each.settle(PAGES);
        each.timesOf('list', 5 * 60_000, PAGES);
        each.now = 5 * 60_000;
        for (const input of said) each.tell(input);
        return each.timesOf('list', ms, PAGES).length > 0;
      }).length;

    it('is spread over a minute where nothing is pushed any more', () => {
      const early = asking(LIST_MS, LOST);
      assert.ok(early < CROWD / 4, `${early} of ${CROWD} within ten seconds`);
      assert.equal(asking(LONGEST_LIST_MS, LOST), CROWD);
    });

    it('is no sooner than before where it is pushed again a moment later', () => {
      assert.equal(asking(LONGEST_LIST_MS, LOST, PUSHED), 0);
    });
  });
});
