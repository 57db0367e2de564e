import assert from 'node:assert/strict';
import { sameNameKey } from '../../../src/contract/names.ts';
import {
  MAX_NAMES_IN_FRAME,
  MAX_WATCHED,
  SIGNAL_CLOSE,
  SIGNAL_DEAD_MS,
  SIGNAL_PING_MS,
} from '../../../src/contract/signal.ts';
import {
  NOT_THERE_MS,
  OPENING_MS,
  PROBE_MS,
  REDIAL,
  SETTLED_MS,
  WATCH_PAUSE_MS,
} from '../../../src/engine/reach/signalMachine.ts';
import { signerOfChallenge } from '../../../src/wire/signalChallenge.ts';
import { Bench, CHALLENGE, framesOf, HOST, kindsOf, person, watchesOf } from './signalBench.ts';
import { URL_ } from './support.ts';

describe('the signal machine', () => {
  it('dials the socket of the registry, behind its path if it has one', () => {
    assert.deepEqual(new Bench().tell({ kind: 'start', url: URL_ }), [
      { kind: 'dial', url: 'ws://127.0.0.1:8000/v1/signal' },
    ]);
    assert.deepEqual(new Bench().tell({ kind: 'start', url: 'https://a.example/hamta' }), [
      { kind: 'dial', url: 'wss://a.example/hamta/v1/signal' },
    ]);
  });

  it('answers the challenge with a signature over it and the host that it dialled', () => {
    const bench = new Bench();
    bench.tell({ kind: 'start', url: URL_ });
    bench.tell({ kind: 'opened' });
    const [answer] = framesOf(bench.hear({ kind: 'challenge', challenge: CHALLENGE, host: HOST }));
    assert.ok(answer?.kind === 'answer');
    const { publicKey, signature } = answer;
    const signer = signerOfChallenge({ challenge: CHALLENGE, host: HOST, publicKey }, signature);
    assert.equal(signer, bench.me.fingerprint);
  });

  it('signs nothing for another host, and does not ask again soon', () => {
    const bench = new Bench();
    bench.tell({ kind: 'start', url: URL_ });
    bench.tell({ kind: 'opened' });
    const out = bench.hear({ kind: 'challenge', challenge: CHALLENGE, host: 'registry.example' });
    assert.deepEqual(kindsOf(out), ['hangUp']);
    assert.deepEqual(bench.waitFor(NOT_THERE_MS - 1), []);
    assert.deepEqual(kindsOf(bench.wait()), ['dial']);
  });

  it('hears nothing but a challenge before the welcome', () => {
    const bench = new Bench();
    bench.tell({ kind: 'start', url: URL_ });
    bench.tell({ kind: 'watch', names: ['Sara'] });
    bench.tell({ kind: 'opened' });
    assert.deepEqual(bench.hear({ kind: 'people', people: [person('Sara')] }), []);
    assert.deepEqual(bench.hear({ kind: 'present', id: 0 }), []);
  });

  it('watches what it is told to once it is welcome, and is live when everything was told', () => {
    const bench = new Bench();
    bench.tell({ kind: 'watch', names: ['Sara', 'Bob'] });
    bench.tell({ kind: 'start', url: URL_ });
    const out = bench.open();
    assert.equal(out[0]?.kind, 'welcome');
    const [watch] = watchesOf(out);
    assert.deepEqual(watch?.add, [{ name: 'Sara' }, { name: 'Bob' }]);
    assert.equal(watch?.newcomers, true);
    assert.deepEqual(bench.hear({ kind: 'people', people: [person('Sara')] }), [
      { kind: 'people', people: [person('Sara')] },
    ]);
    assert.deepEqual(bench.hear({ kind: 'present', id: watch?.id ?? -1 }), [{ kind: 'live', isLive: true }]);
  });

  it('says that it watches nobody, too, so that it is live alone in a new registry', () => {
    const bench = new Bench();
    bench.tell({ kind: 'start', url: URL_ });
    assert.deepEqual(watchesOf(bench.open())[0]?.add, []);
  });

  it('passes on what it watches, and nothing else', () => {
    const bench = new Bench();
    bench.tell({ kind: 'watch', names: ['Sara'] });
    bench.tell({ kind: 'start', url: URL_ });
    bench.open();
    assert.deepEqual(bench.hear({ kind: 'people', people: [person('Eve'), person('SARA')] }), [
      { kind: 'people', people: [person('SARA')] },
    ]);
  });

  it('says only what changes in its list, in frames that a registry takes', () => {
    const bench = new Bench();
    const names = Array.from({ length: MAX_WATCHED + 20 }, (_, i) => `peer ${i}`);
    bench.tell({ kind: 'watch', names });
    bench.tell({ kind: 'start', url: URL_ });
    const added = watchesOf(bench.open()).flatMap(({ add }) => add.map(({ name }) => name));
    assert.deepEqual(added, names.slice(0, MAX_WATCHED));
    bench.now += WATCH_PAUSE_MS;
    bench.tell({ kind: 'time' });
    const [change, ...more] = watchesOf(
      bench.tell({ kind: 'watch', names: ['new', ...names.slice(2, MAX_WATCHED)] }),
    );
    assert.deepEqual(more, []);
    assert.deepEqual(change?.add, [{ name: 'new' }]);
    assert.deepEqual(change?.remove, ['peer 0', 'peer 1'].map(sameNameKey));
  });

  it('makes one change of many within a second', () => {
    const bench = new Bench();
    bench.tell({ kind: 'start', url: URL_ });
    bench.open();
    for (let i = 1; i <= 50; i++)
      assert.deepEqual(
        bench.tell({ kind: 'watch', names: Array.from({ length: i }, (_, n) => `peer ${n}`) }),
        [],
      );
    const frames = watchesOf(bench.waitFor(WATCH_PAUSE_MS));
    assert.equal(frames.length, Math.ceil(50 / MAX_NAMES_IN_FRAME));
  });

  it('comes back with what it knows, and is not live meanwhile', () => {
    const bench = new Bench();
    bench.tell({ kind: 'watch', names: ['Sara', 'Bob'] });
    bench.tell({ kind: 'start', url: URL_ });
    bench.open();
    bench.hear({ kind: 'people', people: [person('Sara', 'v7')] });
    bench.hear({ kind: 'present', id: 1 });
    assert.deepEqual(bench.closed(), [{ kind: 'live', isLive: false }]);
    assert.deepEqual(kindsOf(bench.wait()), ['dial']);
    const [watch] = watchesOf(bench.open());
    assert.deepEqual(watch?.add, [{ name: 'Sara', have: 'v7' }, { name: 'Bob' }]);
    assert.deepEqual(bench.hear({ kind: 'present', id: watch?.id ?? -1 }), [{ kind: 'live', isLive: true }]);
  });

  it('forgets what it knew of another registry', () => {
    const bench = new Bench();
    bench.tell({ kind: 'watch', names: ['Sara'] });
    bench.tell({ kind: 'start', url: URL_ });
    bench.open();
    bench.hear({ kind: 'people', people: [person('Sara', 'v7')] });
    const out = bench.tell({ kind: 'start', url: 'http://127.0.0.1:9000' });
    assert.deepEqual(kindsOf(out), ['hangUp', 'dial']);
    bench.tell({ kind: 'opened' });
    bench.hear({ kind: 'challenge', challenge: CHALLENGE, host: '127.0.0.1:9000' });
    const [watch] = watchesOf(bench.hear({ kind: 'welcome', fingerprint: bench.me.fingerprint }));
    assert.deepEqual(watch?.add, [{ name: 'Sara' }]);
  });

  it('tries again after growing pauses that are never quite the same', () => {
    for (const random of [() => 0, () => 0.999]) {
      const bench = new Bench(random);
      bench.tell({ kind: 'start', url: URL_ });
      for (let failures = 1; failures < 12; failures++) {
        bench.closed();
        const whole = Math.min(REDIAL.ceilingMs, REDIAL.firstMs * 2 ** (failures - 1));
        const pause = (bench.machine.deadline() ?? 0) - bench.now;
        assert.ok(pause >= whole / 2 && pause <= whole, `${failures}: ${pause}`);
        assert.deepEqual(kindsOf(bench.wait()), ['dial']);
      }
    }
  });

  it('pauses shortly again after a socket that lasted, and not after one that was thrown out at once', () => {
    const bench = new Bench();
    bench.tell({ kind: 'start', url: URL_ });
    for (let i = 0; i < 5; i++) {
      bench.open();
      bench.waitFor(1);
      bench.closed();
      bench.wait();
    }
    bench.open();
    bench.closed();
    assert.ok((bench.machine.deadline() ?? 0) - bench.now > 20 * REDIAL.firstMs);
    bench.wait();
    bench.open();
    bench.waitFor(SETTLED_MS);
    bench.closed();
    assert.ok((bench.machine.deadline() ?? 0) - bench.now <= REDIAL.firstMs);
  });

  it('asks a registry without such a socket, and one that will not have it, only every few minutes', () => {
    for (const [code, isThere] of [
      [1006, false],
      [SIGNAL_CLOSE.unauthenticated, true],
      [SIGNAL_CLOSE.malformed, true],
    ] as const) {
      const bench = new Bench();
      bench.tell({ kind: 'start', url: URL_ });
      bench.closed(code, isThere);
      assert.equal(bench.machine.deadline(), NOT_THERE_MS);
    }
  });

  it('comes back soon when it was replaced, for that may be a late word of its own past, but not when that happens again', () => {
    const bench = new Bench();
    bench.now = 10 * NOT_THERE_MS;
    bench.tell({ kind: 'start', url: URL_ });
    bench.closed(SIGNAL_CLOSE.replaced);
    assert.ok((bench.machine.deadline() ?? 0) - bench.now <= REDIAL.firstMs);
    bench.wait();
    bench.open();
    bench.closed(SIGNAL_CLOSE.replaced);
    assert.equal(bench.machine.deadline(), bench.now + NOT_THERE_MS);
    bench.wait();
    bench.closed(SIGNAL_CLOSE.replaced);
    assert.ok((bench.machine.deadline() ?? 0) - bench.now < NOT_THERE_MS);
  });

  it('tries at once when it is started again while it waits', () => {
    const bench = new Bench();
    bench.tell({ kind: 'start', url: URL_ });
    bench.closed(1006, false);
    assert.deepEqual(kindsOf(bench.tell({ kind: 'start', url: URL_ })), ['dial']);
    assert.deepEqual(bench.tell({ kind: 'start', url: URL_ }), []);
  });

  it('is tried within seconds where there is reason to doubt, and dialled at once while it waits', () => {
    const bench = new Bench();
    bench.tell({ kind: 'start', url: URL_ });
    bench.open();
    assert.deepEqual(framesOf(bench.tell({ kind: 'probe' })), [{ kind: 'ping' }]);
    bench.hear({ kind: 'pong' });
    assert.deepEqual(kindsOf(bench.waitFor(PROBE_MS)).includes('hangUp'), false);
    bench.tell({ kind: 'probe' });
    assert.ok(kindsOf(bench.waitFor(PROBE_MS)).includes('hangUp'));
    assert.deepEqual(kindsOf(bench.tell({ kind: 'probe' })), ['dial']);
  });

  it('gives a dial up that comes to nothing', () => {
    const bench = new Bench();
    bench.tell({ kind: 'start', url: URL_ });
    bench.tell({ kind: 'opened' });
    assert.deepEqual(kindsOf(bench.waitFor(OPENING_MS)), ['hangUp']);
  });

  it('says something every half minute, and hangs up when nothing is heard', () => {
    const bench = new Bench();
    bench.tell({ kind: 'start', url: URL_ });
    bench.open();
    assert.deepEqual(framesOf(bench.waitFor(WATCH_PAUSE_MS)), []);
    const before = bench.now;
    assert.deepEqual(framesOf(bench.waitFor(SIGNAL_PING_MS)), [{ kind: 'ping' }]);
    bench.hear({ kind: 'pong' });
    const heardAt = bench.now;
    assert.ok(before < heardAt);
    const out = bench.waitFor(SIGNAL_DEAD_MS);
    assert.equal(out.filter(({ kind }) => kind === 'hangUp').length, 1);
    assert.equal(framesOf(out).length, 2);
  });

  it('is not live while the registry says that it may miss news', () => {
    const bench = new Bench();
    bench.tell({ kind: 'start', url: URL_ });
    bench.open();
    bench.hear({ kind: 'present', id: 1 });
    assert.deepEqual(bench.hear({ kind: 'stale' }), [{ kind: 'live', isLive: false }]);
    assert.deepEqual(bench.hear({ kind: 'fresh' }), [{ kind: 'live', isLive: true }]);
    bench.hear({ kind: 'stale' });
    bench.closed();
    bench.wait();
    bench.open();
    assert.deepEqual(
      bench.hear({ kind: 'present', id: 2 }),
      [{ kind: 'live', isLive: true }],
      'a new socket',
    );
  });

  it('is not live by the answer to what it does not want any more', () => {
    const bench = new Bench();
    bench.tell({ kind: 'watch', names: ['Sara'] });
    bench.tell({ kind: 'start', url: URL_ });
    bench.open();
    bench.tell({ kind: 'watch', names: ['Bob'] });
    const [change] = watchesOf(bench.waitFor(WATCH_PAUSE_MS));
    assert.deepEqual(bench.hear({ kind: 'present', id: (change?.id ?? 0) - 1 }), []);
    assert.deepEqual(bench.hear({ kind: 'present', id: change?.id ?? 0 }), [{ kind: 'live', isLive: true }]);
  });

  it('signs no challenge once it is welcome, and needs no second welcome', () => {
    const bench = new Bench();
    bench.tell({ kind: 'start', url: URL_ });
    bench.open();
    assert.deepEqual(bench.hear({ kind: 'challenge', challenge: CHALLENGE, host: HOST }), []);
    assert.deepEqual(bench.hear({ kind: 'welcome', fingerprint: bench.me.fingerprint }), []);
  });

  it('wants a name anew that it did not want for a while, without what it knew then', () => {
    const bench = new Bench();
    bench.tell({ kind: 'watch', names: ['Sara', 'Bob'] });
    bench.tell({ kind: 'start', url: URL_ });
    bench.open();
    bench.hear({ kind: 'people', people: [person('Sara', 'v7'), person('Bob', 'v8')] });
    const change = (...names: string[]) => {
      const now = watchesOf(bench.tell({ kind: 'watch', names }));
      return [...now, ...watchesOf(bench.waitFor(WATCH_PAUSE_MS))].map(({ add, remove }) => ({
        add,
        remove,
      }));
    };
    assert.deepEqual(change('Sara'), [{ add: [], remove: [sameNameKey('Bob')] }]);
    assert.deepEqual(change('Sara', 'Bob'), [{ add: [{ name: 'Bob' }], remove: [] }]);
    bench.closed();
    bench.wait();
    assert.deepEqual(watchesOf(bench.open())[0]?.add, [{ name: 'Sara', have: 'v7' }, { name: 'Bob' }]);
  });

  it('takes names away in frames that a registry takes, too', () => {
    const bench = new Bench();
    bench.tell({ kind: 'watch', names: Array.from({ length: MAX_WATCHED }, (_, i) => `peer ${i}`) });
    bench.tell({ kind: 'start', url: URL_ });
    bench.open();
    bench.tell({ kind: 'watch', names: [] });
    const removed = watchesOf(bench.waitFor(WATCH_PAUSE_MS)).map(({ remove }) => remove.length);
    assert.ok(Math.max(...removed) <= MAX_NAMES_IN_FRAME);
    assert.equal(
      removed.reduce((sum, count) => sum + count),
      MAX_WATCHED,
    );
  });

  it('does not come back sooner because the socket that it has left ends', () => {
    const bench = new Bench();
    bench.tell({ kind: 'start', url: URL_ });
    bench.tell({ kind: 'opened' });
    bench.hear({ kind: 'challenge', challenge: CHALLENGE, host: 'registry.example' });
    bench.closed();
    assert.equal(bench.machine.deadline(), NOT_THERE_MS);
  });

  it('hangs up on what is no frame', () => {
    const nonsense = [
      '',
      '{',
      '7',
      '{"kind":"people"}',
      '{"kind":"people","people":[{"name":"a"}]}',
      '{"kind":"new"}',
    ];
    for (const text of nonsense) {
      const bench = new Bench();
      bench.tell({ kind: 'start', url: URL_ });
      bench.open();
      assert.deepEqual(kindsOf(bench.tell({ kind: 'text', text })), ['hangUp'], text);
    }
  });

  it('passes signals on, and says at once that one cannot be sent while the road is down', () => {
    const bench = new Bench();
    const signal = { kind: 'signal' as const, id: 3, to: 'b'.repeat(64), body: 'x' };
    assert.deepEqual(bench.tell(signal), [{ kind: 'undeliverable', id: 3, reason: 'offline' }]);
    bench.tell({ kind: 'start', url: URL_ });
    bench.open();
    assert.deepEqual(framesOf(bench.tell(signal)), [signal]);
    const from = 'c'.repeat(64);
    assert.deepEqual(bench.hear({ kind: 'signal', from, body: 'y' }), [{ kind: 'signal', from, body: 'y' }]);
  });

  it('does nothing more once it is stopped', () => {
    const bench = new Bench();
    bench.tell({ kind: 'start', url: URL_ });
    bench.open();
    bench.hear({ kind: 'present', id: 1 });
    assert.deepEqual(bench.tell({ kind: 'stop' }), [{ kind: 'hangUp' }, { kind: 'live', isLive: false }]);
    assert.equal(bench.machine.deadline(), undefined);
    assert.deepEqual(
      [...bench.hear({ kind: 'stale' }), ...bench.closed(), ...bench.tell({ kind: 'opened' })],
      [],
    );
    assert.equal(bench.machine.deadline(), undefined, 'not by what comes late either');
    assert.deepEqual(kindsOf(bench.tell({ kind: 'start', url: URL_ })), ['dial']);
  });
});
