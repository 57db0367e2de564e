import assert from 'node:assert/strict';
import { Timers } from '../../src/base/timers.ts';

describe('Timers', () => {
  it('is due when the earliest of its timers is', () => {
    const timers = new Timers<'a' | 'b'>();
    assert.equal(timers.deadline(), undefined);
    timers.set('a', 20);
    timers.set('b', 10);
    assert.equal(timers.deadline(), 10);
    timers.clear('b');
    assert.equal(timers.deadline(), 20);
  });

  it('hands out what is due, earliest first, and each once', () => {
    const timers = new Timers<'a' | 'b' | 'c'>();
    timers.set('a', 20);
    timers.set('b', 10);
    timers.set('c', 30);
    assert.deepEqual(timers.takeDue(9), []);
    assert.deepEqual(timers.takeDue(20), ['b', 'a']);
    assert.deepEqual(timers.takeDue(20), []);
    assert.equal(timers.isSet('a'), false);
    assert.equal(timers.isSet('c'), true);
    assert.equal(timers.at('a'), undefined);
    assert.equal(timers.at('c'), 30);
  });

  it('keeps one time for each name, the last that was set', () => {
    const timers = new Timers<'a'>();
    timers.set('a', 5);
    timers.set('a', 50);
    assert.deepEqual(timers.takeDue(5), []);
    assert.equal(timers.deadline(), 50);
    timers.clearAll();
    assert.equal(timers.deadline(), undefined);
  });
});
