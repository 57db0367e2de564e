import assert from 'node:assert/strict';
import type { LinkEnd } from '../../../src/engine/link/linkEnd.ts';
import { type RedialIn, RedialMachine } from '../../../src/engine/link/redialMachine.ts';

describe('a contact', () => {
  it('is dialled when my person wants to and they are there', () => {
    const redial = new Redial();
    assert.equal(redial.tell({ kind: 'wanted', isWanted: true }), 0);
    assert.equal(redial.tell({ kind: 'presence', where: 'here' }), 1);
    assert.equal(redial.tell({ kind: 'presence', where: 'here' }), 0);
  });

  it('is not dialled when nobody has asked for it', () => {
    const redial = new Redial();
    assert.equal(redial.tell({ kind: 'presence', where: 'here' }), 0);
    assert.equal(redial.machine.deadline(), undefined);
  });

  it('is not dialled while a link is up', () => {
    const redial = new Redial().wanted();
    assert.equal(redial.tell({ kind: 'up' }), 0);
    assert.equal(redial.tell({ kind: 'presence', where: undefined }), 0);
    assert.equal(redial.tell({ kind: 'presence', where: 'here' }), 0);
    assert.equal(redial.machine.deadline(), undefined);
  });

  it('is dialled again after 1 s, 1.5 s, 2.25 s … and at last every 5 min', () => {
    const redial = new Redial().wanted();
    assert.deepEqual(redial.waits(4), [1_000, 1_500, 2_250, 3_375]);
    assert.deepEqual(redial.waits(15).slice(-3), [300_000, 300_000, 300_000]);
  });

  it('is dialled at once when they are elsewhere, and not again when that is said twice', () => {
    const redial = new Redial().wanted();
    redial.waits(15);
    redial.tell({ kind: 'unreachable' });
    assert.equal(redial.tell({ kind: 'presence', where: 'elsewhere' }), 1);
    redial.tell({ kind: 'unreachable' });
    assert.equal(redial.tell({ kind: 'presence', where: 'elsewhere' }), 0);
    assert.equal(redial.machine.deadline(), redial.now + 1_000);
  });

  it('is not dialled any more when their own dial comes up while mine waits', () => {
    const redial = new Redial().wanted();
    redial.tell({ kind: 'unreachable' });
    redial.tell({ kind: 'up' });
    redial.now += 60_000;
    assert.deepEqual([redial.machine.deadline(), redial.tell({ kind: 'time' })], [undefined, 0]);
  });

  it('is not dialled sooner because the registry says once more that they are there', () => {
    const redial = new Redial().wanted();
    redial.tell({ kind: 'unreachable' });
    assert.equal(redial.tell({ kind: 'presence', where: 'here' }), 0);
    assert.equal(redial.machine.deadline(), redial.now + 1_000);
  });

  it('is dialled at once when my person asks while the next dial waits', () => {
    const redial = new Redial().wanted();
    redial.waits(9);
    redial.tell({ kind: 'unreachable' });
    assert.equal(redial.tell({ kind: 'wanted', isWanted: true }), 1);
  });

  it('is dialled again after a wait that is spread over its second half', () => {
    const redial = new Redial(() => 0).wanted();
    assert.deepEqual(redial.waits(2), [500, 750]);
  });

  it('is dialled soon again when a link that was up is lost', () => {
    const redial = new Redial().wanted();
    redial.waits(9);
    redial.tell({ kind: 'up' });
    redial.tell({ kind: 'ended', end: { kind: 'lost' } });
    assert.equal(redial.machine.deadline(), redial.now + 1_000);
  });

  it('is dialled at once when they appear, whatever failed before', () => {
    const redial = new Redial().wanted();
    redial.waits(9);
    redial.tell({ kind: 'unreachable' });
    assert.equal(redial.tell({ kind: 'presence', where: undefined }), 0);
    assert.equal(redial.machine.deadline(), undefined);
    assert.equal(redial.tell({ kind: 'presence', where: 'here' }), 1);
    assert.deepEqual(redial.waits(1), [1_000], 'and soon again');
  });

  it('is dialled at once when my computer wakes, and when a link ends by silence', () => {
    const redial = new Redial().wanted();
    redial.waits(9);
    redial.tell({ kind: 'unreachable' });
    assert.equal(redial.tell({ kind: 'woke' }), 1);
    redial.tell({ kind: 'up' });
    assert.equal(redial.tell({ kind: 'woke' }), 0);
    assert.equal(redial.tell({ kind: 'ended', end: { kind: 'silent' } }), 1);
    assert.equal(redial.tell({ kind: 'ended', end: { kind: 'silent' } }), 0, 'not over and over');
    assert.equal(redial.machine.deadline(), redial.now + 1_500);
  });

  const pointless: LinkEnd[] = [
    { kind: 'rejected', reason: 'declined' },
    { kind: 'rejected', reason: 'unanswered' },
    { kind: 'rejected', reason: 'blocked' },
    { kind: 'refused', reason: 'declined' },
    { kind: 'version', theirs: 2 },
    { kind: 'protocol', problem: '' },
    { kind: 'notAccepted' },
    { kind: 'local', reason: 'disconnected' },
    { kind: 'peer', reason: 'disconnected' },
    { kind: 'peer', reason: 'protocol' },
    { kind: 'peer', reason: 'version' },
    { kind: 'peer', reason: 'notAccepted' },
  ];
  for (const end of pointless)
    it(`is not dialled after ${JSON.stringify(end)} until my person asks`, () => {
      const redial = new Redial().wanted();
      redial.tell({ kind: 'ended', end });
      assert.equal(redial.machine.deadline(), undefined);
      redial.tell({ kind: 'presence', where: undefined });
      assert.equal(redial.tell({ kind: 'presence', where: 'here' }), 0);
      assert.equal(redial.tell({ kind: 'wanted', isWanted: true }), 1);
    });

  const passing: LinkEnd[] = [
    { kind: 'lost' },
    { kind: 'gap' },
    { kind: 'ahead', received: 7 },
    { kind: 'local', reason: 'stopping' },
    { kind: 'rejected', reason: 'busy' },
    { kind: 'peer', reason: 'stopping' },
    { kind: 'peer', reason: 'duplicate' },
    { kind: 'peer', reason: 'silent' },
    { kind: 'peer', reason: 'gap' },
    { kind: 'peer', reason: 'ahead' },
    { kind: 'peer', reason: 'other' },
  ];
  for (const end of passing)
    it(`is dialled again after ${JSON.stringify(end)}`, () => {
      const redial = new Redial().wanted();
      redial.tell({ kind: 'ended', end });
      assert.equal(redial.machine.deadline(), redial.now + 1_000);
    });

  it('is dialled again when a link is lost that came up after a refusal', () => {
    const redial = new Redial().wanted();
    redial.tell({ kind: 'ended', end: { kind: 'rejected', reason: 'declined' } });
    redial.tell({ kind: 'up' });
    redial.tell({ kind: 'ended', end: { kind: 'lost' } });
    assert.equal(redial.machine.deadline(), redial.now + 1_000);
  });

  it('is left alone when my person does not want them any more', () => {
    const redial = new Redial().wanted();
    redial.tell({ kind: 'unreachable' });
    assert.equal(redial.tell({ kind: 'wanted', isWanted: false }), 0);
    assert.equal(redial.machine.deadline(), undefined);
  });
});

class Redial {
  readonly machine: RedialMachine;
  now = 0;

  constructor(random: () => number = () => 1) {
    this.machine = new RedialMachine(random);
  }

  /** How many dials the input leads to. */
  tell(input: RedialIn): number {
    this.machine.handle(input, this.now);
    let dials = 0;
    while (this.machine.poll() !== undefined) dials++;
    return dials;
  }

  /** Wanted, there, and being dialled. */
  wanted(): this {
    this.tell({ kind: 'wanted', isWanted: true });
    assert.equal(this.tell({ kind: 'presence', where: 'here' }), 1);
    return this;
  }

  /** The waits after each of `count` dials that reach nobody. */
  waits(count: number): number[] {
    return Array.from({ length: count }, () => {
      this.tell({ kind: 'unreachable' });
      const wait = (this.machine.deadline() ?? Number.NaN) - this.now;
      this.now += wait;
      assert.equal(this.tell({ kind: 'time' }), 1);
      return wait;
    });
  }
}
