import assert from 'node:assert/strict';
import { quietUntil, UNTIL_TURNED_OFF } from '../../../src/contract/doNotDisturb.ts';
import { FailureError, fail } from '../../../src/contract/failure.ts';
import type { ProfileTable } from '../../../src/engine/store/profile.ts';
import type { Store } from '../../../src/engine/store/store.ts';
import { DoNotDisturb } from '../../../src/engine/windows/doNotDisturb.ts';
import { Published } from '../../../src/engine/windows/published.ts';
import { ALI, StoreFile } from '../store/support.ts';

const HOUR = 3_600_000;

describe('do not disturb', () => {
  let file: StoreFile;
  let store: Store;
  let published: Published;
  let quiet: DoNotDisturb;
  let now: number;
  let wake: { readonly at: number; readonly work: () => void } | undefined;

  beforeEach(() => {
    file = new StoreFile();
    store = file.open();
    now = 1_000_000;
    start();
  });
  afterEach(() => {
    quiet.dispose();
    file.remove();
  });

  function start(profile = store.profile): void {
    const me = { fingerprint: ALI, name: 'Ali', addresses: [] };
    const registry = { kind: 'off' } as const;
    published = new Published({ revision: 0, me, registry, peers: {}, transfers: {}, conversations: {} });
    wake = undefined;
    const after = (ms: number, work: () => void) => {
      wake = { at: now + ms, work };
      return {
        dispose: () => {
          wake = undefined;
        },
      };
    };
    quiet = new DoNotDisturb(profile, published, { now: () => now }, after);
  }

  function pass(ms: number): void {
    const end = now + ms;
    while (wake !== undefined && wake.at <= end) {
      now = wake.at;
      wake.work();
    }
    now = end;
  }

  const until = () => published.state.me.doNotDisturbUntil;

  it('lasts until its time, and is over by itself', () => {
    quiet.set(now + HOUR);
    assert.equal(until(), 1_000_000 + HOUR);
    pass(HOUR - 1);
    assert.equal(until(), 1_000_000 + HOUR);
    pass(1);
    assert.deepEqual([until(), store.profile.doNotDisturbUntil, wake], [undefined, undefined, undefined]);
    assert.equal(published.state.me.name, 'Ali');
  });

  it('is over in time when it is shorter than the time between two looks', () => {
    quiet.set(now + 5_000);
    pass(5_000);
    assert.equal(until(), undefined);
  });

  it('is looked at no more once the engine has ended', () => {
    quiet.set(now + HOUR);
    quiet.dispose();
    assert.equal(wake, undefined);
  });

  it('is over at once when it is turned off, or set to a time that has passed', () => {
    for (const end of [null, now - 1]) {
      quiet.set(now + HOUR);
      quiet.set(end);
      assert.deepEqual([until(), wake], [undefined, undefined]);
    }
  });

  it('goes on after a restart with what is left of it', () => {
    quiet.set(now + HOUR);
    now += HOUR / 2;
    start();
    assert.equal(until(), 1_000_000 + HOUR);
    now += HOUR;
    start();
    assert.equal(until(), undefined);
  });

  it('without a time lasts until it is turned off', () => {
    quiet.set(Number.MAX_VALUE);
    assert.deepEqual([until(), wake], [UNTIL_TURNED_OFF, undefined]);
    start();
    assert.equal(until(), UNTIL_TURNED_OFF);
    quiet.set(null);
    assert.equal(until(), undefined);
  });

  it('ends no later than a minute after a clock was set or a computer woke', () => {
    quiet.set(now + 10 * HOUR);
    assert.ok(wake !== undefined && wake.at <= now + 60_000);
    now += 24 * HOUR;
    wake.work();
    assert.equal(until(), undefined);
  });

  describe('on a disk that has become full', () => {
    function startOnFullDisk(): void {
      const { doNotDisturbUntil } = store.profile;
      const noRoom = () => {
        throw fail('diskFull', { path: '/x' });
      };
      const profile = Object.defineProperty({}, 'doNotDisturbUntil', {
        get: () => doNotDisturbUntil,
        set: noRoom,
      });
      start(profile as ProfileTable);
    }

    beforeEach(() => {
      quiet.set(now + HOUR);
      startOnFullDisk();
    });

    it('is over in time all the same, and is so after a restart', () => {
      pass(HOUR);
      assert.equal(until(), undefined);
      startOnFullDisk();
      assert.equal(until(), undefined);
    });

    it('cannot be turned on or off, and says why', () => {
      for (const wish of [null, now + 2 * HOUR])
        assert.throws(
          () => quiet.set(wish),
          (error) => error instanceof FailureError && error.failure.code === 'diskFull',
        );
      assert.equal(until(), now + HOUR);
    });
  });

  it('is no news when it stays as it was', () => {
    quiet.set(now + HOUR);
    const { revision } = published.state;
    pass(HOUR / 2);
    quiet.set(1_000_000 + HOUR);
    assert.equal(published.state.revision, revision);
  });

  it('is over for a window whose clock has come to its end, before it is told so', () => {
    const me = { fingerprint: ALI, addresses: [], doNotDisturbUntil: 500 };
    assert.deepEqual([quietUntil(me, 499), quietUntil(me, 500)], [500, undefined]);
    assert.equal(quietUntil({ fingerprint: ALI, addresses: [] }, 1), undefined);
  });
});
