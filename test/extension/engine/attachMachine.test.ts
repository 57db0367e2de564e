import assert from 'node:assert/strict';
import { failure } from '../../../src/contract/failure.ts';
import {
  type AttachInput,
  AttachMachine,
  type AttachOutput,
  type HostOutcome,
} from '../../../src/extension/engine/attachMachine.ts';

const LISTENING: HostOutcome = { kind: 'listening' };
const IN_USE = failure('databaseUnusable', { path: '/x', detail: 'inUse' });
const BUSY: HostOutcome = { kind: 'busy', failure: IN_USE };

/** A machine in virtual time that answers each question of the machine as `world` says. */
class Rig {
  readonly machine = new AttachMachine(() => 1);
  readonly asked: AttachOutput['kind'][] = [];
  now = 0;

  tell(input: AttachInput): void {
    this.machine.handle(input, this.now);
  }

  /** Runs until the machine neither asks nor waits; `world` answers `connect` and `host`. */
  run(world: (asked: AttachOutput['kind'], now: number) => AttachInput): void {
    for (let step = 0; step < 4_000; step++) {
      const output = this.machine.poll();
      const deadline = this.machine.deadline();
      if (output !== undefined) {
        this.asked.push(output.kind);
        this.tell(world(output.kind, this.now));
      } else if (deadline !== undefined) {
        this.now = deadline;
        this.tell({ kind: 'timePassed' });
      } else return;
    }
    assert.fail('the machine goes on for ever');
  }
}

const hosted = (outcome: HostOutcome): AttachInput => ({ kind: 'hosted', outcome });

describe('the way to an engine', () => {
  it('connects where another window hosts one, and starts none', () => {
    const rig = new Rig();
    rig.tell({ kind: 'wanted' });
    rig.run(() => ({ kind: 'attached' }));
    assert.deepEqual(rig.asked, ['connect']);
    assert.equal(rig.machine.state.kind, 'attached');
  });

  it('hosts one where nothing answers, and then connects to it at once', () => {
    const rig = new Rig();
    let listening = false;
    rig.tell({ kind: 'wanted' });
    rig.run((asked) => {
      if (asked === 'connect') return { kind: listening ? 'attached' : 'refused' };
      listening = true;
      return hosted(LISTENING);
    });
    assert.deepEqual(rig.asked, ['connect', 'host', 'connect']);
    assert.equal(rig.now, 0);
  });

  it('is attached again within two seconds when another window takes over', () => {
    const rig = new Rig();
    rig.tell({ kind: 'wanted' });
    rig.run(() => ({ kind: 'attached' }));
    rig.tell({ kind: 'closed' });
    rig.run((asked, now) => {
      if (asked === 'host') return hosted(BUSY);
      return { kind: now >= 1_000 ? 'attached' : 'refused' };
    });
    assert.equal(rig.machine.state.kind, 'attached');
    assert.ok(rig.now < 2_000, `${rig.now} ms`);
  });

  it('waits a while for an engine that starts elsewhere before it starts a worker again', () => {
    const rig = new Rig();
    rig.tell({ kind: 'wanted' });
    rig.run((asked, now) => {
      if (asked === 'host') return hosted(BUSY);
      return { kind: now >= 500 ? 'attached' : 'refused' };
    });
    assert.equal(rig.asked.filter((asked) => asked === 'host').length, 1);
  });

  it('hosts by itself within two seconds when the engine that was stopping elsewhere has stopped', () => {
    const rig = new Rig();
    let hosts = 0;
    let listening = false;
    rig.tell({ kind: 'wanted' });
    rig.run((asked) => {
      if (asked === 'connect') return { kind: listening ? 'attached' : 'refused' };
      hosts++;
      listening = hosts === 2;
      return hosted(listening ? LISTENING : BUSY);
    });
    assert.equal(rig.machine.state.kind, 'attached');
    assert.ok(rig.now < 2_000, `${rig.now} ms`);
  });

  it('stops with the reason when the engine cannot start, and goes again when wanted', () => {
    const rig = new Rig();
    const reason = failure('databaseUnusable', { path: '/x', detail: 'read-only' });
    rig.tell({ kind: 'wanted' });
    rig.run((asked) =>
      asked === 'connect' ? { kind: 'refused' } : hosted({ kind: 'failed', failure: reason }),
    );
    assert.deepEqual(rig.machine.state, { kind: 'stopped', failure: reason });
    rig.tell({ kind: 'wanted' });
    rig.run(() => ({ kind: 'attached' }));
    assert.equal(rig.machine.state.kind, 'attached');
  });

  describe('of a build that is not the newest', () => {
    const outdated = failure('windowOutdated', { ours: '0.1.0', engines: '0.2.0' });
    const newer = failure('databaseNewer', { path: '/x', version: 3, known: 2 });

    /** Attached to an engine that makes room for a newer window's and then ends. */
    function madeRoom(): Rig {
      const rig = new Rig();
      rig.tell({ kind: 'wanted' });
      rig.run(() => ({ kind: 'attached' }));
      rig.tell({ kind: 'steppingDown' });
      rig.tell({ kind: 'closed' });
      return rig;
    }

    it('leaves it to the newer window to host, and attaches to its engine', () => {
      const rig = madeRoom();
      rig.run((_, now) => ({ kind: now >= 1_500 ? 'attached' : 'refused' }));
      assert.equal(rig.machine.state.kind, 'attached');
      assert.ok(!rig.asked.includes('host'));
    });

    it('hosts after some seconds in which no newer window did', () => {
      const rig = madeRoom();
      let listening = false;
      rig.run((asked, now) => {
        if (asked === 'connect') return { kind: listening ? 'attached' : 'refused' };
        listening = true;
        assert.ok(now >= 3_000 && now <= 6_000, `${now} ms`);
        return hosted(LISTENING);
      });
      assert.equal(rig.machine.state.kind, 'attached');
    });

    it('stops with the reason at an engine that it cannot talk with, and goes again when wanted', () => {
      const rig = new Rig();
      rig.tell({ kind: 'wanted' });
      rig.run(() => ({ kind: 'turnedAway', failure: outdated }));
      assert.deepEqual(rig.machine.state, { kind: 'stopped', failure: outdated });
      rig.tell({ kind: 'wanted' });
      rig.run(() => ({ kind: 'attached' }));
      assert.equal(rig.machine.state.kind, 'attached');
    });

    it('waits for the newer window where it cannot open the database any more', () => {
      const rig = new Rig();
      rig.tell({ kind: 'wanted' });
      rig.run((asked, now) => {
        if (asked === 'host') return hosted({ kind: 'failed', failure: newer });
        return { kind: now >= 4_000 ? 'attached' : 'refused' };
      });
      assert.equal(rig.machine.state.kind, 'attached');
      assert.equal(rig.asked.filter((asked) => asked === 'host').length, 1);
    });

    it('gives up in bounded time with what should be done where no newer window comes', () => {
      const rig = new Rig();
      rig.tell({ kind: 'wanted' });
      rig.run((asked) =>
        asked === 'connect' ? { kind: 'refused' } : hosted({ kind: 'failed', failure: newer }),
      );
      assert.deepEqual(rig.machine.state, { kind: 'stopped', failure: newer });
      assert.ok(rig.now < 30_000, `${rig.now} ms`);
    });
  });

  it('waits for an engine elsewhere that takes a minute to bring its database to a new version, and not for ever', () => {
    const rig = new Rig();
    rig.tell({ kind: 'wanted' });
    rig.run((asked, now) => {
      if (asked === 'host') return hosted(BUSY);
      return { kind: now >= 60_000 ? 'attached' : 'refused' };
    });
    assert.equal(rig.machine.state.kind, 'attached');
    const other = new Rig();
    other.tell({ kind: 'wanted' });
    other.run((asked) => (asked === 'connect' ? { kind: 'refused' } : hosted(BUSY)));
    assert.deepEqual(other.machine.state, { kind: 'stopped', failure: IN_USE });
    assert.ok(other.now < 240_000, `${other.now} ms`);
  });

  it('gives up in bounded time when an engine starts but never answers', () => {
    const rig = new Rig();
    rig.tell({ kind: 'wanted' });
    rig.run((asked) => (asked === 'connect' ? { kind: 'refused' } : hosted(LISTENING)));
    assert.deepEqual(rig.machine.state, { kind: 'stopped', failure: failure('engineEnded', {}) });
    assert.ok(rig.now < 30_000, `${rig.now} ms`);
  });

  it('gives up in bounded time when workers end without a word', () => {
    const rig = new Rig();
    const gone: HostOutcome = { kind: 'failed', failure: failure('engineEnded', {}) };
    rig.tell({ kind: 'wanted' });
    rig.run((asked) => (asked === 'connect' ? { kind: 'refused' } : hosted(gone)));
    assert.equal(rig.machine.state.kind, 'stopped');
    assert.ok(rig.asked.filter((asked) => asked === 'host').length <= 4);
  });

  describe('where engines end soon after they were attached to', () => {
    function attachedToOwn(rig: Rig): void {
      let isListening = false;
      rig.run((asked) => {
        if (asked === 'connect') return { kind: isListening ? 'attached' : 'refused' };
        isListening = true;
        return hosted(LISTENING);
      });
    }

    /** One that this window hosts, for so many ms. */
    function ownEngine(rig: Rig, ms: number): void {
      attachedToOwn(rig);
      rig.now += ms;
      rig.tell({ kind: 'closed' });
    }

    /** One of another window. */
    function theirEngine(rig: Rig, ms: number): void {
      rig.run(() => ({ kind: 'attached' }));
      rig.now += ms;
      rig.tell({ kind: 'closed' });
    }

    function started(): Rig {
      const rig = new Rig();
      rig.tell({ kind: 'wanted' });
      return rig;
    }

    it('gives up after four of its own, and goes again when wanted', () => {
      const rig = started();
      for (let engines = 0; engines < 4; engines++) ownEngine(rig, 1_000);
      assert.deepEqual(rig.machine.state, { kind: 'stopped', failure: failure('engineEnded', {}) });
      assert.equal(rig.machine.poll(), undefined);
      rig.tell({ kind: 'wanted' });
      ownEngine(rig, 1_000);
      rig.run(() => ({ kind: 'attached' }));
      assert.equal(rig.machine.state.kind, 'attached');
    });

    it('gives up after four of its own between which other windows have some', () => {
      const rig = started();
      for (let engines = 0; engines < 4; engines++) {
        theirEngine(rig, 1_000);
        ownEngine(rig, 1_000);
      }
      assert.equal(rig.machine.state.kind, 'stopped');
    });

    it('goes on where those of other windows do, as the windows close', () => {
      const rig = started();
      for (let engines = 0; engines < 20; engines++) theirEngine(rig, 100);
      rig.run(() => ({ kind: 'attached' }));
      assert.equal(rig.machine.state.kind, 'attached');
    });

    it('goes on where its own end now and then', () => {
      const rig = started();
      for (let engines = 0; engines < 20; engines++) ownEngine(rig, 30_000);
      rig.run(() => ({ kind: 'attached' }));
      assert.equal(rig.machine.state.kind, 'attached');
    });

    it('goes on where its own make room for newer ones', () => {
      const rig = started();
      for (let engines = 0; engines < 20; engines++) {
        attachedToOwn(rig);
        rig.tell({ kind: 'steppingDown' });
        rig.tell({ kind: 'closed' });
      }
      rig.run(() => ({ kind: 'attached' }));
      assert.equal(rig.machine.state.kind, 'attached');
    });
  });

  it('ignores what does not fit its state', () => {
    const rig = new Rig();
    rig.tell({ kind: 'closed' });
    rig.tell({ kind: 'attached' });
    rig.tell(hosted(LISTENING));
    rig.tell({ kind: 'timePassed' });
    assert.equal(rig.machine.state.kind, 'idle');
    assert.equal(rig.machine.poll(), undefined);
  });
});
