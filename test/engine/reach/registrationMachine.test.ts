import assert from 'node:assert/strict';
import { failure } from '../../../src/contract/failure.ts';
import { HEARTBEAT_MS, LEASE_MS } from '../../../src/contract/registry.ts';
import type { RegistryState } from '../../../src/contract/state.ts';
import {
  LIST_MS,
  LIST_OUTCOME_MS,
  LONGEST_LIST_MS,
  OUTCOME_MS,
  RETRY,
  type RegistrationIn,
  RegistrationMachine,
  type RegistrationOut,
} from '../../../src/engine/reach/registrationMachine.ts';

const URL_A = 'http://127.0.0.1:8000';
const URL_B = 'http://127.0.0.1:9000';
/** The time of day when the machine's own scale starts. */
const EPOCH = 1_800_000_000_000;

const AWAY = failure('registryUnreachable', { url: URL_A });
const TAKEN = failure('nameTaken', { name: 'Sara' });

/** Drives the machine in virtual time, and answers what it asks for as the test says. */
class Bench {
  readonly machine: RegistrationMachine;
  readonly out: RegistrationOut[] = [];
  now = 0;
  /** The computer has slept for so long, on a scale that does not go on meanwhile. */
  sleptMs = 0;

  constructor(random: () => number = () => 0.999) {
    this.machine = new RegistrationMachine({ random, wallTimeOf: (now) => EPOCH + now + this.sleptMs });
  }

  /** What the machine asks for and tells after `input`, and nothing older. */
  tell(input: RegistrationIn): RegistrationOut[] {
    this.machine.handle(input, this.now);
    const out: RegistrationOut[] = [];
    for (let next = this.machine.poll(); next !== undefined; next = this.machine.poll()) out.push(next);
    this.out.push(...out);
    return out;
  }

  /** Up to the next deadline, as a driver does. */
  wait(): RegistrationOut[] {
    const deadline = this.machine.deadline();
    assert.ok(deadline !== undefined, 'the machine waits for nothing');
    this.now = Math.max(this.now, deadline);
    return this.tell({ kind: 'time' });
  }

  join(name = 'Sara', url = URL_A): RegistrationOut[] {
    return this.tell({ kind: 'join', name, url });
  }

  get ticket(): number {
    const asked = this.out.findLast((out) => out.kind === 'register');
    assert.ok(asked !== undefined, 'nothing was asked for');
    return asked.ticket;
  }

  answer(ticket = this.ticket, leaseMs = LEASE_MS, observedAddress = '10.0.0.5'): RegistrationOut[] {
    return this.tell({ kind: 'answered', ticket, leaseMs, observedAddress });
  }

  fail(of = AWAY, ticket = this.ticket): RegistrationOut[] {
    return this.tell({ kind: 'failed', ticket, failure: of });
  }

  /** Joined, with the first list through. */
  settle(): void {
    this.join();
    this.answer();
    this.tell({ kind: 'listed', pages: 1 });
  }

  get states(): RegistryState['kind'][] {
    return this.out.filter((out) => out.kind === 'changed').map(({ state }) => state.kind);
  }

  /** When each output of this kind came, over `ms` in which every call succeeds. */
  timesOf(kind: RegistrationOut['kind'], ms: number, pages = 1): number[] {
    const times: number[] = [];
    const end = this.now + ms;
    while ((this.machine.deadline() ?? end) < end) {
      for (const out of this.wait()) {
        if (out.kind === kind) times.push(this.now);
        if (out.kind === 'register') this.answer();
        if (out.kind === 'list') this.tell({ kind: 'listed', pages });
      }
    }
    return times;
  }
}

const kinds = (out: readonly RegistrationOut[]) => out.map(({ kind }) => kind);

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
  });

  it('asks once at a time, and again when no outcome comes', () => {
    bench.join();
    bench.answer();
    const times = bench.timesOf('list', LIST_OUTCOME_MS + 1);
    assert.deepEqual(times, [LIST_OUTCOME_MS]);
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
    });
  });

  it('goes on over a clock that is set back', () => {
    bench.settle();
    bench.sleptMs = -3_600_000;
    assert.deepEqual(bench.timesOf('register', LEASE_MS).slice(0, 2), [HEARTBEAT_MS, 2 * HEARTBEAT_MS]);
  });
});
