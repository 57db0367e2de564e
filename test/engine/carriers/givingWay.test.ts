import assert from 'node:assert/strict';
import { GivingWay } from '../../../src/engine/carriers/givingWay.ts';

describe('files give way to words', () => {
  let now: number;
  let told: number[];
  let way: GivingWay;

  beforeEach(() => {
    now = 1_000;
    told = [];
    way = new GivingWay((ms) => told.push(ms), { now: () => now });
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
      { now: () => now },
    );
    for (let i = 0; i < 10_000; i++) {
      way.begin();
      stoodMs += Math.min(0.1, Math.max(0, standsUntil - now));
      now += 0.1;
    }
    assert.ok(stoodMs > 700, `${stoodMs} of 1000 ms`);
    assert.ok(stoodMs < 750 + 48, `${stoodMs} of 1000 ms`);
  });

  it('in full again after a rest', () => {
    for (let i = 0; i < 100; i++) way.begin();
    now += 500;
    told = [];
    way.begin();
    assert.deepEqual(told, [12]);
  });
});
