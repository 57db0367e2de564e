import assert from 'node:assert/strict';
import { nameKeysOf } from '../../../registry-server/nameKeys.ts';
import {
  MAX_NEWCOMERS_TOLD,
  NEWCOMER_TICK_MS,
  REREAD_MS,
  TICK_MS,
} from '../../../registry-server/signal/params.ts';
import {
  type PresenceIn,
  PresenceMachine,
  type PresenceOut,
} from '../../../registry-server/signal/presenceMachine.ts';
import type { Holder } from '../../../registry-server/signal/presenceNews.ts';
import { LEASE_MS } from '../../../src/contract/registry.ts';
import { MAX_WATCHED, parseFrame, ServerFrame } from '../../../src/contract/signal.ts';

const START = 1_800_000_000_000;
const KEY = 'a'.repeat(64);

function holder(name: string, seenAt: number, leaseUntil = seenAt + LEASE_MS): Holder {
  return { name, fingerprint: KEY, lastSeenAt: seenAt, leaseUntil };
}

function keysOf(name: string) {
  return nameKeysOf(name) ?? assert.fail();
}

/** Drives the machine in virtual time; the test is the store, the bus and the sockets. */
class Bench {
  readonly machine = new PresenceMachine<string>();
  now = START;

  tell(input: PresenceIn<string>): PresenceOut<string>[] {
    this.machine.handle(input, this.now);
    const out: PresenceOut<string>[] = [];
    for (let next = this.machine.poll(); next !== undefined; next = this.machine.poll()) out.push(next);
    return out;
  }

  watch(socket: string, ...names: string[]): PresenceOut<string>[] {
    const add = names.map((name) => ({ name, keys: keysOf(name), have: undefined }));
    return this.tell({ kind: 'watch', socket, id: 1, add, remove: [], newcomers: undefined });
  }

  found(name: string, of: Holder | undefined): PresenceOut<string>[] {
    return this.tell({ kind: 'found', sortKey: keysOf(name).sortKey, holder: of });
  }

  heard(name: string, of: Holder | undefined): PresenceOut<string>[] {
    return this.tell({ kind: 'heard', sortKey: keysOf(name).sortKey, holder: of });
  }

  waitFor(ms: number): PresenceOut<string>[] {
    const until = this.now + ms;
    const out: PresenceOut<string>[] = [];
    while ((this.machine.deadline() ?? Number.POSITIVE_INFINITY) <= until) {
      this.now = Math.max(this.now, this.machine.deadline() ?? this.now);
      out.push(...this.tell({ kind: 'time' }));
    }
    this.now = until;
    return out;
  }
}

/** `sara: bob here` for each thing told of a person, and the kinds of the other frames. */
function told(out: readonly PresenceOut<string>[]): string[] {
  return out.flatMap((each) => {
    if (each.kind !== 'tell') return [];
    const frame = parseFrame(ServerFrame, each.text) ?? assert.fail(each.text);
    if (frame.kind !== 'people') return [`${each.socket}: ${frame.kind}`];
    return frame.people.map(({ name, holder: of }) => {
      const how = of === undefined ? 'nobody' : of.online ? 'here' : 'away';
      return `${each.socket}: ${name} ${how}`;
    });
  });
}

function kindsOf(out: readonly PresenceOut<string>[]): string[] {
  return out.map(({ kind }) => kind);
}

describe('the presence machine', () => {
  let bench: Bench;

  beforeEach(() => {
    bench = new Bench();
  });

  it('follows and reads a name once, however many watch it', () => {
    assert.deepEqual(bench.watch('sara', 'Bob'), [{ kind: 'read', keys: keysOf('Bob'), isNew: true }]);
    assert.deepEqual(bench.watch('cem', 'BOB'), []);
    bench.found('Bob', holder('Bob', START));
    const out = told(bench.waitFor(TICK_MS));
    assert.deepEqual(out.sort(), ['cem: Bob here', 'cem: present', 'sara: Bob here', 'sara: present']);
  });

  it('says that all is told only when all was read', () => {
    bench.watch('sara', 'Bob', 'Cem');
    bench.found('Bob', undefined);
    assert.deepEqual(told(bench.waitFor(TICK_MS)), ['sara: Bob nobody']);
    bench.found('Cem', holder('Cem', START));
    assert.deepEqual(told(bench.waitFor(TICK_MS)), ['sara: Cem here', 'sara: present']);
  });

  it('tells a change once, and nothing of one that was undone within the tick', () => {
    bench.watch('sara', 'Bob');
    bench.found('Bob', holder('Bob', START));
    bench.waitFor(TICK_MS);
    bench.heard('Bob', holder('Bob', START + 1, START + 1));
    bench.heard('Bob', holder('Bob', START + 2));
    assert.deepEqual(told(bench.waitFor(TICK_MS)), []);
    bench.heard('Bob', holder('Bob', START + 3, START + 3));
    assert.deepEqual(told(bench.waitFor(TICK_MS)), ['sara: Bob away']);
  });

  it('tells the end of a lease at its end, once the store has said so, too', () => {
    bench.watch('sara', 'Bob');
    bench.found('Bob', holder('Bob', START));
    bench.waitFor(TICK_MS);
    assert.deepEqual(bench.waitFor(LEASE_MS - TICK_MS - 1), []);
    assert.deepEqual(kindsOf(bench.waitFor(1)), ['read']);
    bench.found('Bob', holder('Bob', START));
    assert.deepEqual(told(bench.waitFor(TICK_MS)), ['sara: Bob away']);
  });

  it('reads every watched name again when somebody changed names without a word, and tells what differs', () => {
    bench.watch('sara', 'Bob', 'Cem');
    bench.found('Bob', undefined);
    bench.found('Cem', holder('Cem', START));
    bench.waitFor(TICK_MS);
    assert.deepEqual(kindsOf(bench.tell({ kind: 'changed' })), ['read', 'read']);
    bench.found('Bob', holder('Bob', START + 1));
    bench.found('Cem', holder('Cem', START));
    assert.deepEqual(told(bench.waitFor(TICK_MS)), ['sara: Bob here']);
  });

  it('takes no lost announcement of a renewal for an end', () => {
    bench.watch('sara', 'Bob');
    bench.found('Bob', holder('Bob', START));
    bench.waitFor(LEASE_MS);
    bench.found('Bob', holder('Bob', START + 60_000));
    assert.deepEqual(told(bench.waitFor(TICK_MS)), []);
    assert.deepEqual(kindsOf(bench.waitFor(60_000)), ['read']);
  });

  it('moves the end with each renewal, and asks the store for none of them', () => {
    bench.watch('sara', 'Bob');
    bench.found('Bob', holder('Bob', START));
    bench.waitFor(TICK_MS);
    for (let i = 1; i <= 20; i++) {
      bench.heard('Bob', holder('Bob', bench.now));
      assert.deepEqual(bench.waitFor(30_000), []);
    }
  });

  it('asks the store which of two announcements is true when their times do not say it', () => {
    bench.watch('sara', 'Bob');
    bench.found('Bob', holder('Bob', START + 10));
    bench.waitFor(TICK_MS);
    assert.deepEqual(kindsOf(bench.heard('Bob', holder('Bob', START + 10, START + 10))), ['read']);
    bench.found('Bob', holder('Bob', START + 10, START + 10));
    assert.deepEqual(told(bench.waitFor(TICK_MS)), ['sara: Bob away']);
  });

  it('believes an announcement more than an answer that was asked for before it', () => {
    bench.watch('sara', 'Bob');
    bench.heard('Bob', holder('Bob', START + 5));
    bench.found('Bob', undefined);
    assert.deepEqual(told(bench.waitFor(TICK_MS)), ['sara: Bob here', 'sara: present']);
  });

  it('reads again what changed while it was read', () => {
    bench.watch('sara', 'Bob');
    bench.heard('Bob', undefined);
    assert.deepEqual(kindsOf(bench.found('Bob', holder('Bob', START))), ['read']);
    bench.found('Bob', holder('Bob', START, START));
    assert.deepEqual(told(bench.waitFor(TICK_MS)), ['sara: Bob away', 'sara: present']);
  });

  it('asks a store that was away again, for as long as it takes', () => {
    bench.watch('sara', 'Bob');
    for (let i = 0; i < 5; i++) {
      bench.tell({ kind: 'unread', sortKey: keysOf('Bob').sortKey });
      assert.deepEqual(kindsOf(bench.waitFor(REREAD_MS)), ['read']);
    }
    bench.found('Bob', undefined);
    assert.deepEqual(told(bench.waitFor(TICK_MS)), ['sara: Bob nobody', 'sara: present']);
  });

  it('says that the bus is lost, reads everything once it is back, tells what differs, and then that this was all', () => {
    bench.watch('sara', 'Bob', 'Cem');
    bench.found('Bob', holder('Bob', START));
    bench.found('Cem', holder('Cem', START));
    bench.waitFor(TICK_MS);
    assert.deepEqual(told(bench.tell({ kind: 'bus', isUp: false })), ['sara: stale']);
    assert.deepEqual(told(bench.watch('late', 'Bob')), ['late: stale']);
    assert.deepEqual(kindsOf(bench.tell({ kind: 'bus', isUp: true })), ['read', 'read']);
    assert.deepEqual(
      told(bench.found('Bob', holder('Bob', START))).filter((each) => each !== 'late: Bob here'),
      [],
    );
    const out = told(bench.found('Cem', holder('Cem', START + 1, START + 1)));
    assert.ok(out.indexOf('sara: Cem away') < out.indexOf('sara: fresh'));
    assert.ok(out.includes('late: fresh'));
    assert.ok(!out.includes('sara: Bob here'));
  });

  it('is fresh at once when nobody watches anything', () => {
    bench.watch('sara');
    bench.tell({ kind: 'bus', isUp: false });
    assert.deepEqual(told(bench.tell({ kind: 'bus', isUp: true })), ['sara: present', 'sara: fresh']);
  });

  it('follows a name no longer than somebody watches it', () => {
    bench.watch('sara', 'Bob');
    bench.watch('cem', 'Bob');
    assert.deepEqual(bench.tell({ kind: 'gone', socket: 'sara' }), []);
    assert.deepEqual(bench.tell({ kind: 'gone', socket: 'cem' }), [
      { kind: 'unfollow', sortKey: keysOf('Bob').sortKey },
    ]);
    assert.equal(bench.machine.watchedNames, 0);
    assert.deepEqual(bench.found('Bob', holder('Bob', START)), []);
    assert.deepEqual(told(bench.waitFor(LEASE_MS)), []);
  });

  it('takes so many names of one socket', () => {
    const names = Array.from({ length: MAX_WATCHED }, (_, i) => `peer ${i}`);
    assert.ok(!kindsOf(bench.watch('sara', ...names)).includes('tooMuch'));
    assert.ok(kindsOf(bench.watch('sara', 'one more')).includes('tooMuch'));
  });

  it('counts newcomers beyond a number instead of naming them', () => {
    bench.tell({ kind: 'watch', socket: 'sara', id: 1, add: [], remove: [], newcomers: true });
    bench.waitFor(TICK_MS);
    for (let i = 0; i <= MAX_NEWCOMERS_TOLD; i++)
      bench.tell({ kind: 'newcomer', holder: holder(`peer ${i}`, START) });
    const [out] = bench.waitFor(NEWCOMER_TICK_MS);
    const frame = out?.kind === 'tell' ? parseFrame(ServerFrame, out.text) : undefined;
    assert.ok(frame?.kind === 'newcomers');
    assert.deepEqual([frame.people.length, frame.more], [MAX_NEWCOMERS_TOLD, true]);
  });

  it('goes on over a clock that is set back', () => {
    bench.watch('sara', 'Bob');
    bench.found('Bob', holder('Bob', START));
    bench.now -= 3_600_000;
    bench.heard('Bob', undefined);
    assert.deepEqual(told(bench.waitFor(TICK_MS)), ['sara: Bob here', 'sara: present']);
  });
});
