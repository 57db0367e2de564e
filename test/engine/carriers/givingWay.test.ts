import assert from 'node:assert/strict';
import { GivingWay } from '../../../src/engine/carriers/givingWay.ts';
import type { StartTimer } from '../../../src/engine/io/startTimer.ts';

describe('files give way to words', () => {
  let now: number;
  let told: number[];
  let way: GivingWay;
  /** The timer that runs, if one does. */
  let timer: { readonly at: number; readonly ring: () => void } | undefined;

  const clock = { now: () => now };
  const startTimer: StartTimer = (ms, ring) => {
    assert.equal(timer, undefined, 'two timers');
    const mine = { at: now + ms, ring };
    timer = mine;
    return {
      dispose: () => {
        if (timer === mine) timer = undefined;
      },
    };
  };
  function passUntil(at: number): void {
    for (let due = timer; due !== undefined && due.at <= at; due = timer) {
      now = due.at;
      timer = undefined;
      due.ring();
    }
    now = at;
  }
  /** Whether files that asked when this was called go on. */
  function asking(): () => Promise<boolean> {
    let isQuiet = false;
    void Promise.resolve(way.quiet()).then(() => {
      isQuiet = true;
    });
    return async () => {
      await new Promise(setImmediate);
      return isQuiet;
    };
  }

  beforeEach(() => {
    now = 1_000;
    told = [];
    timer = undefined;
    way = new GivingWay((ms) => told.push(ms), clock, startTimer);
  });

  it('until a message is there, and a moment longer, for the window that is told', () => {
    way.begin();
    assert.deepEqual(told, [12]);
    now += 3;
    way.end();
    assert.deepEqual(told, [12, 3]);
  });

  it('for 12 ms where it does not come there', () => {
    way.begin();
    now += 11;
    way.end();
    now += 100;
    way.end();
    assert.deepEqual(told, [12]);
  });

  it('anew for the next one', () => {
    way.begin();
    now += 5;
    way.begin();
    assert.deepEqual(told, [12, 12]);
    now += 1;
    way.end();
    assert.deepEqual(told, [12, 12, 3]);
  });

  it('for three quarters of the time at most, however many come', () => {
    let standsUntil = now;
    let stoodMs = 0;
    way = new GivingWay(
      (ms) => {
        standsUntil = now + ms;
      },
      clock,
      startTimer,
    );
    for (let i = 0; i < 10_000; i++) {
      way.begin();
      stoodMs += Math.min(0.1, Math.max(0, standsUntil - now));
      now += 0.1;
    }
    assert.ok(stoodMs > 700, `${stoodMs} of 1000 ms`);
    assert.ok(stoodMs < 750 + 16, `${stoodMs} of 1000 ms`);
  });

  it('in full again after a rest', () => {
    for (let i = 0; i < 100; i++) way.begin();
    now += 500;
    told = [];
    way.begin();
    assert.deepEqual(told, [12]);
  });

  it('and so do disks, which ask first and go on when the message has been there for a moment', async () => {
    assert.equal(way.quiet(), undefined);
    way.begin();
    const [one, other] = [asking(), asking()];
    now += 2;
    way.end();
    passUntil(1_004.9);
    assert.deepEqual([await one(), await other()], [false, false]);
    passUntil(1_005);
    assert.deepEqual([await one(), await other()], [true, true]);
    assert.equal(way.quiet(), undefined);
    assert.equal(timer, undefined);
    way.begin();
    const next = asking();
    assert.equal(await next(), false, 'and anew for the next message');
    passUntil(1_020);
    assert.equal(await next(), true);
  });

  /** One message each `everyMs` that takes `takesMs`, for a second, with timers of whole milliseconds that ring behind what came. */
  async function longestWaitBeside(everyMs: number, takesMs: number): Promise<number> {
    const whole: StartTimer = (ms, ring) => startTimer(Math.max(1, Math.trunc(ms)), ring);
    way = new GivingWay(() => undefined, clock, whole);
    let askedAt: number | undefined;
    let longestMs = 0;
    const ask = () => {
      if (askedAt !== undefined) return;
      askedAt = now;
      void Promise.resolve(way.quiet()).then(() => {
        longestMs = Math.max(longestMs, now - (askedAt ?? now));
        askedAt = undefined;
      });
    };
    const turn = async () => {
      passUntil(now);
      for (let i = 0; i < 4; i++) await Promise.resolve();
    };
    while (now < 2_000) {
      way.begin();
      ask();
      now += takesMs;
      way.end();
      await turn();
      now += (everyMs - takesMs) / 2;
      await turn();
      now += (everyMs - takesMs) / 2;
    }
    return Math.max(longestMs, now - (askedAt ?? now));
  }

  for (const [everyMs, takesMs] of [
    [0.1, 0.05],
    [0.7, 0.3],
    [1.5, 0.5],
    [2, 1],
    [20, 15],
  ] as const) {
    it(`and let disks go on in time, though one comes each ${everyMs} ms and takes ${takesMs}`, async () => {
      const longestMs = await longestWaitBeside(everyMs, takesMs);
      assert.ok(longestMs <= 64 + everyMs, `${longestMs} ms`);
    });
  }

  it('longer where the next message comes meanwhile, and by no timer where nobody has asked', async () => {
    way.begin();
    assert.equal(timer, undefined);
    const asked = asking();
    now += 10;
    way.begin();
    passUntil(1_021.9);
    assert.equal(await asked(), false);
    passUntil(1_022);
    assert.equal(await asked(), true);
  });
});
