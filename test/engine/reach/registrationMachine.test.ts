import assert from 'node:assert/strict';
import { failure } from '../../../src/contract/failure.ts';
import { HEARTBEAT_MS, LEASE_MS } from '../../../src/contract/registry.ts';
import {
  LIST_MS,
  LIST_OUTCOME_MS,
  LONGEST_LIST_MS,
  OUTCOME_MS,
  RETRY,
} from '../../../src/engine/reach/registrationMachine.ts';
import { AWAY, Bench, EPOCH, kinds, TAKEN, URL_A, URL_B } from './registrationBench.ts';

describe('staying registered', () => {
  let bench: Bench;

  beforeEach(() => {
    bench = new Bench();
  });

  it('wants nothing before my person does', () => {
    assert.equal(bench.machine.deadline(), undefined);
    assert.deepEqual(bench.tell({ kind: 'time' }), []);
    assert.deepEqual(bench.tell({ kind: 'leave' }), []);
    assert.deepEqual(bench.tell({ kind: 'addressesChanged' }), []);
  });

  it('registers at once, and then asks who is there at once', () => {
    assert.deepEqual(bench.join(), [
      { kind: 'changed', state: { kind: 'joining', url: URL_A } },
      { kind: 'register', ticket: 1, name: 'Sara', url: URL_A },
    ]);
    bench.now = 100;
    assert.deepEqual(bench.answer(), [
      { kind: 'observed', address: '10.0.0.5' },
      { kind: 'changed', state: { kind: 'joined', url: URL_A, at: EPOCH + 100 } },
      { kind: 'list', url: URL_A },
    ]);
  });

  it('renews the lease three times within it', () => {
    bench.settle();
    const times = bench.timesOf('register', 3 * LEASE_MS);
    assert.deepEqual(times.slice(0, 3), [HEARTBEAT_MS, 2 * HEARTBEAT_MS, 3 * HEARTBEAT_MS]);
    assert.deepEqual(bench.states, ['joining', 'joined']);
  });

  it('renews a shorter lease more often', () => {
    bench.join();
    bench.answer(bench.ticket, 6_000);
    assert.equal(bench.machine.deadline(), 2_000);
  });

  it('asks who is there every ten seconds', () => {
    bench.settle();
    assert.deepEqual(bench.timesOf('list', 35_000), [10_000, 20_000, 30_000]);
  });

  it('asks less often where the answer is long, but not less than once a minute', () => {
    bench.settle();
    assert.deepEqual(bench.timesOf('list', 75_000, 3), [LIST_MS, 4 * LIST_MS, 7 * LIST_MS]);
    const times = bench.timesOf('list', 200_000, 1_000);
    assert.deepEqual(times, [100_000, 100_000 + LONGEST_LIST_MS, 100_000 + 2 * LONGEST_LIST_MS]);
  });

  describe('while changes are pushed', () => {
    it('asks who is there once a minute', () => {
      bench.tell({ kind: 'pushed', isLive: true });
      bench.settle();
      assert.deepEqual(bench.timesOf('list', 2.5 * LONGEST_LIST_MS), [LONGEST_LIST_MS, 2 * LONGEST_LIST_MS]);
    });

    it('asks at its own pace again once they are not', () => {
      bench.tell({ kind: 'pushed', isLive: true });
      bench.settle();
      bench.tell({ kind: 'pushed', isLive: false });
      assert.deepEqual(bench.timesOf('list', 2.5 * LIST_MS), [LIST_MS, 2 * LIST_MS]);
    });

    it('asks soon when there is news that was not pushed, and not more often than without pushes', () => {
      bench.tell({ kind: 'pushed', isLive: true });
      bench.settle();
      bench.tell({ kind: 'news' });
      assert.deepEqual(bench.timesOf('list', LONGEST_LIST_MS), [LIST_MS]);
    });

    for (const [what, input] of [
      ['there is news that was not pushed', { kind: 'news' }],
      ['nothing is pushed any more', { kind: 'pushed', isLive: false }],
    ] as const)
      it(`asks at once where the answer is short and ${what}`, () => {
        bench.tell({ kind: 'pushed', isLive: true });
        bench.settle();
        bench.now = 2 * LIST_MS;
        bench.tell(input);
        assert.deepEqual(bench.timesOf('list', 1), [2 * LIST_MS]);
      });

    it('asks as soon where such news goes on and on', () => {
      bench.tell({ kind: 'pushed', isLive: true });
      bench.settle(2);
      bench.now = 3 * LIST_MS;
      for (; bench.now < 4 * LIST_MS; bench.now += 500) bench.tell({ kind: 'news' });
      assert.deepEqual(bench.timesOf('list', LIST_MS), [4 * LIST_MS]);
    });
  });

  it('asks once at a time, and again when no outcome comes', () => {
    bench.join();
    bench.answer();
    const times = bench.timesOf('list', LIST_OUTCOME_MS + 1);
    assert.deepEqual(times, [LIST_OUTCOME_MS]);
  });

  it('asks once at a time, though there is news meanwhile', () => {
    bench.join();
    bench.answer();
    bench.tell({ kind: 'news' });
    assert.deepEqual(bench.timesOf('list', LIST_OUTCOME_MS), []);
  });

  it('is no news to my person where they ask for what they have', () => {
    bench.settle();
    assert.deepEqual(kinds(bench.join()), ['register']);
  });

  it('says one thing at a time: the time to renew may come while it tells new addresses', () => {
    bench.settle();
    bench.tell({ kind: 'addressesChanged' });
    const said: string[] = [];
    while ((bench.machine.deadline() ?? 0) <= HEARTBEAT_MS) {
      said.push(...kinds(bench.wait()));
      bench.tell({ kind: 'listed', pages: 1 });
    }
    assert.deepEqual(said, ['list', 'list', 'list']);
  });

  it('tells where the registry sees me when that changes', () => {
    bench.settle();
    bench.timesOf('register', HEARTBEAT_MS);
    bench.wait();
    assert.deepEqual(bench.answer(bench.ticket, LEASE_MS, '10.0.0.6'), [
      { kind: 'observed', address: '10.0.0.6' },
    ]);
  });

  describe('when the registry does not answer', () => {
    it('says so, and when it tries again', () => {
      bench.join();
      bench.now = 50;
      const [changed] = bench.fail();
      const waitMs = (bench.machine.deadline() ?? 0) - 50;
      assert.deepEqual(changed, {
        kind: 'changed',
        state: {
          ...{ kind: 'failing', url: URL_A, failure: AWAY },
          ...{ since: EPOCH + 50, nextTryAt: EPOCH + 50 + waitMs },
        },
      });
      assert.ok(waitMs > RETRY.firstMs / 2 && waitMs <= RETRY.firstMs);
    });

    it('waits longer each time, up to a minute, and remembers since when', () => {
      bench.join();
      const waits: number[] = [];
      for (let i = 0; i < 9; i++) {
        bench.fail();
        waits.push((bench.machine.deadline() ?? 0) - bench.now);
        assert.deepEqual(kinds(bench.wait()), ['register']);
      }
      assert.deepEqual(
        waits,
        [1, 2, 4, 8, 16, 32, 60, 60, 60].map((seconds) => Math.round(seconds * 999.5)),
      );
      const told = bench.out.findLast((out) => out.kind === 'changed')?.state;
      assert.equal(told?.kind === 'failing' && told.since, EPOCH);
    });

    it('does not make many come back at the same moment', () => {
      const soonest = new Bench(() => 0);
      soonest.join();
      soonest.fail();
      assert.equal(soonest.machine.deadline(), RETRY.firstMs / 2);
    });

    it('joins again by itself, asks who is there at once, and starts over with short waits', () => {
      bench.settle();
      bench.timesOf('register', HEARTBEAT_MS);
      bench.wait();
      for (let i = 0; i < 5; i++) {
        bench.fail();
        bench.wait();
      }
      assert.deepEqual(kinds(bench.answer()), ['changed', 'list']);
      assert.deepEqual(new Set(bench.states), new Set(['joining', 'joined', 'failing']));
      bench.tell({ kind: 'listed', pages: 1 });
      bench.timesOf('register', HEARTBEAT_MS);
      bench.wait();
      bench.fail();
      assert.ok((bench.machine.deadline() ?? 0) - bench.now <= RETRY.firstMs);
    });

    it('does not ask who is there meanwhile', () => {
      bench.settle();
      bench.tell({ kind: 'addressesChanged' });
      bench.fail();
      bench.tell({ kind: 'listed', pages: 1 });
      assert.deepEqual(kinds(bench.wait()), ['register']);
    });

    it('does not ask who is there because of news either', () => {
      bench.join();
      bench.now = 2 * LIST_MS;
      bench.fail();
      bench.tell({ kind: 'news' });
      assert.deepEqual(kinds(bench.wait()), ['register']);
    });

    for (const [what, again] of [
      ['asks for the same again', () => bench.join()],
      ['goes to another one', () => bench.join('Sara', URL_B)],
    ] as const)
      it(`starts over with short waits when my person ${what}`, () => {
        bench.join();
        for (let i = 0; i < 5; i++) {
          bench.fail();
          bench.wait();
        }
        bench.fail();
        again();
        bench.fail();
        assert.ok((bench.machine.deadline() ?? 0) - bench.now <= RETRY.firstMs);
      });

    it('finds out at once when something else was asked there in vain', () => {
      bench.settle();
      assert.deepEqual(kinds(bench.tell({ kind: 'unanswered', url: URL_A })), ['register']);
      assert.deepEqual(bench.tell({ kind: 'unanswered', url: URL_A }), []);
      bench.fail();
      assert.equal(bench.states.at(-1), 'failing');
      assert.deepEqual(bench.tell({ kind: 'unanswered', url: URL_A }), []);
    });

    it('stays where it is after one slow answer, and after none of another registry', () => {
      bench.settle();
      assert.deepEqual(bench.tell({ kind: 'unanswered', url: URL_B }), []);
      bench.tell({ kind: 'unanswered', url: URL_A });
      bench.answer();
      assert.deepEqual(bench.states, ['joining', 'joined']);
    });

    it('takes no outcome at all for none', () => {
      bench.join();
      assert.equal(bench.machine.deadline(), OUTCOME_MS);
      assert.deepEqual(kinds(bench.wait()), ['changed']);
      assert.deepEqual(bench.states, ['joining', 'failing']);
      assert.deepEqual(bench.answer(1), []);
    });

    it('tries at once when my person asks for the same again', () => {
      bench.join();
      bench.fail();
      assert.deepEqual(kinds(bench.join()), ['changed', 'register']);
      assert.deepEqual(bench.states, ['joining', 'failing', 'joining']);
    });
  });

  describe('when the name belongs to somebody else', () => {
    it('stops and says so, also while renewing', () => {
      bench.settle();
      bench.timesOf('register', HEARTBEAT_MS);
      bench.wait();
      assert.deepEqual(bench.fail(TAKEN), [
        { kind: 'changed', state: { kind: 'refused', url: URL_A, failure: TAKEN } },
      ]);
      assert.equal(bench.machine.deadline(), undefined);
      assert.deepEqual(bench.tell({ kind: 'addressesChanged' }), []);
      assert.deepEqual(bench.tell({ kind: 'listed', pages: 1 }), []);
    });

    it('tries again when my person does, with that name or another', () => {
      bench.join();
      bench.fail(TAKEN);
      assert.deepEqual(kinds(bench.join()), ['changed', 'register']);
      bench.fail(TAKEN);
      assert.deepEqual(bench.join('Sara 2').at(-1), {
        kind: 'register',
        ticket: 3,
        name: 'Sara 2',
        url: URL_A,
      });
    });

    for (const of of [
      failure('nameInvalid', { problem: 'empty' }),
      failure('registryUrlInvalid', { url: URL_A }),
    ])
      it(`does not try again where ${of.code} is why`, () => {
        bench.join();
        bench.fail(of);
        assert.deepEqual([bench.states, bench.machine.deadline()], [['joining', 'refused'], undefined]);
      });

    it('signs nobody off', () => {
      bench.join();
      bench.fail(TAKEN);
      assert.deepEqual(kinds(bench.tell({ kind: 'leave' })), ['changed']);
    });
  });

  describe('leaving', () => {
    it('signs off and wants nothing more', () => {
      bench.settle();
      assert.deepEqual(bench.tell({ kind: 'leave' }), [
        { kind: 'signOff', name: 'Sara', url: URL_A },
        { kind: 'changed', state: { kind: 'off' } },
      ]);
      assert.equal(bench.machine.deadline(), undefined);
      assert.deepEqual(bench.tell({ kind: 'leave' }), []);
    });

    it('signs nobody off whose name is given back', () => {
      bench.settle();
      assert.deepEqual(kinds(bench.tell({ kind: 'leave', isReleasing: true })), ['changed']);
      assert.equal(bench.machine.deadline(), undefined);
    });

    it('does not listen to answers of before', () => {
      bench.join();
      const { ticket } = bench;
      bench.tell({ kind: 'leave' });
      assert.deepEqual(bench.answer(ticket), []);
      assert.deepEqual(bench.fail(AWAY, ticket), []);
      assert.equal(bench.machine.deadline(), undefined);
    });

    it('signs the old name off when another name or registry is taken', () => {
      bench.settle();
      assert.deepEqual(bench.join('Sara', URL_B), [
        { kind: 'signOff', name: 'Sara', url: URL_A },
        { kind: 'changed', state: { kind: 'off' } },
        { kind: 'changed', state: { kind: 'joining', url: URL_B } },
        { kind: 'register', ticket: 2, name: 'Sara', url: URL_B },
      ]);
      assert.deepEqual(bench.answer(1), []);
      assert.deepEqual(kinds(bench.answer(2)), ['observed', 'changed', 'list']);
    });
  });

  describe('new addresses', () => {
    it('are told at once', () => {
      bench.settle();
      assert.deepEqual(kinds(bench.tell({ kind: 'addressesChanged' })), ['register']);
    });

    it('are told after the call that is going on, once', () => {
      bench.join();
      assert.deepEqual(bench.tell({ kind: 'addressesChanged' }), []);
      assert.deepEqual(bench.tell({ kind: 'addressesChanged' }), []);
      assert.deepEqual(kinds(bench.answer()), ['observed', 'changed', 'list', 'register']);
      assert.deepEqual(bench.answer(), []);
    });
  });

  describe('after sleep', () => {
    it('renews and asks who is there at once, on a clock that stood still meanwhile', () => {
      bench.settle();
      bench.now += 1_000;
      bench.sleptMs = 8 * 3_600_000;
      bench.now += LIST_MS - 1_000;
      assert.deepEqual(kinds(bench.tell({ kind: 'time' })), ['register', 'list']);
    });

    it('does so on a clock that went on', () => {
      bench.settle();
      bench.now += 8 * 3_600_000;
      assert.deepEqual(kinds(bench.tell({ kind: 'time' })).sort(), ['list', 'register']);
    });

    it('notices with whatever comes first', () => {
      bench.settle();
      bench.sleptMs = 3_600_000;
      bench.tell({ kind: 'listed', pages: 1 });
      assert.equal(bench.machine.deadline(), bench.now);
      assert.deepEqual(kinds(bench.wait()).sort(), ['list', 'register']);
    });

    for (const [what, first] of [
      ['nothing is pushed any more', { kind: 'pushed', isLive: false }],
      ['there is news', { kind: 'news' }],
    ] as const)
      it(`asks who is there at once, though the first that it hears is that ${what}`, () => {
        bench.tell({ kind: 'pushed', isLive: true });
        bench.settle(50);
        bench.sleptMs = 3_600_000;
        bench.tell(first);
        assert.deepEqual(kinds(bench.wait()), ['register', 'list']);
      });

    it('does not wait out a long pause between tries', () => {
      bench.join();
      for (let i = 0; i < 9; i++) {
        bench.fail();
        bench.wait();
      }
      bench.fail();
      bench.sleptMs = 3_600_000;
      bench.tell({ kind: 'listed', pages: 0 });
      assert.deepEqual(kinds(bench.wait()), ['register']);
      bench.fail();
      assert.ok((bench.machine.deadline() ?? 0) - bench.now <= RETRY.firstMs, 'and tries again soon');
    });

    it('waits for what it has asked before', () => {
      bench.join();
      bench.sleptMs = 3_600_000;
      assert.deepEqual(bench.tell({ kind: 'time' }), []);
      bench.answer();
      bench.sleptMs += 3_600_000;
      assert.deepEqual(kinds(bench.tell({ kind: 'time' })), ['register']);
    });
  });

  it('goes on over a clock that is set back', () => {
    bench.settle();
    bench.sleptMs = -3_600_000;
    assert.deepEqual(bench.timesOf('register', LEASE_MS).slice(0, 2), [HEARTBEAT_MS, 2 * HEARTBEAT_MS]);
  });
});
