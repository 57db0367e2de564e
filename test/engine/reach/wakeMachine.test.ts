import assert from 'node:assert/strict';
import { LOOK_MS, SLEPT_MS, WakeMachine, type WakeOut } from '../../../src/engine/reach/wakeMachine.ts';

/** A computer in virtual time. */
class Computer {
  readonly machine = new WakeMachine();
  now = 1_000;
  wallAt = 1_800_000_000_000;
  addresses = '192.0.2.1';

  /** Both clocks go on, or only the time of day. */
  pass(ms: number, { steadyMs = ms } = {}): void {
    this.wallAt += ms;
    this.now += steadyMs;
  }

  /** The machine is woken, and what it asks for is answered. */
  look(): WakeOut[] {
    const out: WakeOut[] = [];
    this.machine.handle({ kind: 'time' }, this.now);
    for (let next = this.machine.poll(); next !== undefined; next = this.machine.poll()) {
      if (next.kind === 'look') this.machine.handle({ ...this.seen }, this.now);
      else out.push(next);
    }
    return out;
  }

  get seen() {
    return { kind: 'seen', wallAt: this.wallAt, addresses: this.addresses } as const;
  }
}

describe('a computer that is looked at every two seconds', () => {
  let computer: Computer;
  beforeEach(() => {
    computer = new Computer();
    assert.deepEqual(computer.look(), []);
  });

  it('is nothing to speak of while it is awake, however busy', () => {
    for (const ms of [LOOK_MS, LOOK_MS + 1, LOOK_MS + SLEPT_MS]) {
      computer.pass(ms);
      assert.deepEqual(computer.look(), []);
    }
    assert.equal(computer.machine.deadline(), computer.now + LOOK_MS);
  });

  it('has slept when the look comes late, whether its steady clock went on meanwhile or not', () => {
    for (const steadyMs of [60_000, 500]) {
      computer.pass(60_000, { steadyMs });
      assert.deepEqual(computer.look(), [{ kind: 'slept', forMs: 60_000 }]);
      computer.pass(LOOK_MS);
      assert.deepEqual(computer.look(), []);
    }
  });

  it('has not slept when its clock is set back', () => {
    computer.pass(-3_600_000, { steadyMs: LOOK_MS });
    assert.deepEqual(computer.look(), []);
  });

  it('has moved when its addresses are other ones, and once', () => {
    computer.pass(LOOK_MS);
    computer.addresses = '198.51.100.7';
    assert.deepEqual(computer.look(), [{ kind: 'moved' }]);
    computer.pass(LOOK_MS);
    assert.deepEqual(computer.look(), []);
  });

  it('may have done both', () => {
    computer.pass(28_800_000, { steadyMs: LOOK_MS });
    computer.addresses = '';
    assert.deepEqual(
      computer.look().map(({ kind }) => kind),
      ['slept', 'moved'],
    );
  });
});
