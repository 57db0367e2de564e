import assert from 'node:assert/strict';
import { toDisposable } from '../../../src/base/disposable.ts';
import { FailureError, failure } from '../../../src/contract/failure.ts';
import { Attachment, type AttachPorts } from '../../../src/extension/engine/attach.ts';
import type { HostOutcome } from '../../../src/extension/engine/attachMachine.ts';

interface FakeSeat {
  disposed: boolean;
  dispose(): void;
  close(): void;
}

/** An engine that can be there or not, in virtual time. */
class FakeEngine implements AttachPorts<FakeSeat> {
  up = false;
  /** Why nobody is let in. */
  refusal = new Error('nobody listens');
  hosts = 0;
  outcome: HostOutcome = { kind: 'listening' };
  readonly clock = { now: () => 0 };
  readonly seats: FakeSeat[] = [];
  #timers: (() => void)[] = [];

  async connect(onClosed: () => void): Promise<FakeSeat> {
    if (!this.up) {
      // As a real connection does: the end is told before the failure is.
      onClosed();
      throw this.refusal;
    }
    const seat: FakeSeat = {
      disposed: false,
      dispose: () => {
        seat.disposed = true;
      },
      close: onClosed,
    };
    this.seats.push(seat);
    return seat;
  }

  async host(): Promise<HostOutcome> {
    this.hosts++;
    this.up = this.outcome.kind === 'listening';
    return this.outcome;
  }

  startTimer(_ms: number, onTime: () => void) {
    this.#timers.push(onTime);
    return toDisposable(() => {
      this.#timers = this.#timers.filter((timer) => timer !== onTime);
    });
  }

  random() {
    return 0;
  }

  get timers() {
    return this.#timers.length;
  }
}

/** Lets everything that only waits for resolved promises go on. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('an attachment', () => {
  it('does nothing until somebody wants the engine', async () => {
    const engine = new FakeEngine();
    const attachment = new Attachment(engine);
    await settled();
    assert.equal(attachment.state.kind, 'idle');
    assert.equal(engine.hosts, 0);
  });

  it('hosts the first time, and takes another seat when the first one closes', async () => {
    const engine = new FakeEngine();
    const attachment = new Attachment(engine);
    attachment.want();
    await settled();
    const first = attachment.seat;
    assert.notEqual(first, undefined);
    first?.close();
    await settled();
    assert.notEqual(attachment.seat, undefined);
    assert.notEqual(attachment.seat, first);
    assert.equal(engine.hosts, 1);
  });

  it('tells each state it comes to, in order', async () => {
    const engine = new FakeEngine();
    const attachment = new Attachment(engine);
    const seen: string[] = [];
    attachment.onDidChange(({ kind }) => seen.push(kind));
    attachment.want();
    await settled();
    assert.deepEqual(seen, ['connecting', 'hosting', 'connecting', 'attached']);
  });

  it('stops with the reason where others could listen in the engine`s place, and hosts none there', async () => {
    const engine = new FakeEngine();
    const open = failure('pipeUnusable', { path: '/tmp/x', detail: 'openToOthers' });
    engine.refusal = new FailureError(open);
    const attachment = new Attachment(engine);
    attachment.want();
    await settled();
    assert.deepEqual(attachment.state, { kind: 'stopped', failure: open });
    assert.equal(engine.hosts, 0);
  });

  it('lets go of a seat that does not work any more and takes another', async () => {
    const engine = new FakeEngine();
    engine.up = true;
    const attachment = new Attachment(engine);
    attachment.want();
    await settled();
    const first = attachment.seat as FakeSeat;
    attachment.drop(first);
    await settled();
    assert.equal(first.disposed, true);
    assert.equal(engine.seats.length, 2);
    assert.equal(attachment.seat, engine.seats[1]);
  });

  it('leaves no seat and no timer behind when it is disposed', async () => {
    const engine = new FakeEngine();
    engine.outcome = { kind: 'busy', failure: failure('engineGone', {}) };
    const waiting = new Attachment(engine);
    waiting.want();
    await settled();
    assert.equal(engine.timers, 1);
    waiting.dispose();
    assert.equal(engine.timers, 0);
    engine.up = true;
    const late = new Attachment(engine);
    late.want();
    late.dispose();
    await settled();
    assert.deepEqual(
      engine.seats.map(({ disposed }) => disposed),
      [true],
    );
  });
});
