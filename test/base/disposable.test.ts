import assert from 'node:assert/strict';
import { DisposableStore, toDisposable } from '../../src/base/disposable.ts';

describe('toDisposable', () => {
  it('lets go once, however often it is asked', () => {
    let times = 0;
    const disposable = toDisposable(() => times++);
    disposable.dispose();
    disposable.dispose();
    assert.equal(times, 1);
  });
});

describe('DisposableStore', () => {
  const recorderOf = (log: string[]) => (name: string) => toDisposable(() => log.push(name));

  it('lets go of what it owns, the last first, and only once', () => {
    const log: string[] = [];
    const named = recorderOf(log);
    const store = new DisposableStore();
    store.add(named('a'));
    store.add(named('b'));
    assert.equal(store.isDisposed, false);
    store.dispose();
    store.dispose();
    assert.deepEqual(log, ['b', 'a']);
    assert.equal(store.isDisposed, true);
  });

  it('lets go at once of what is added too late', () => {
    const log: string[] = [];
    const store = new DisposableStore();
    store.dispose();
    store.add(recorderOf(log)('late'));
    assert.deepEqual(log, ['late']);
  });

  it('lets go of all when one fails, and then throws the first error', () => {
    const log: string[] = [];
    const named = recorderOf(log);
    const store = new DisposableStore();
    store.add(named('a'));
    store.add({
      dispose() {
        throw new Error('second');
      },
    });
    store.add({
      dispose() {
        throw new Error('first');
      },
    });
    store.add(named('b'));
    assert.throws(() => store.dispose(), /first/);
    assert.deepEqual(log, ['b', 'a']);
  });

  it('hands back what is added', () => {
    const child = toDisposable(() => {});
    assert.equal(new DisposableStore().add(child), child);
  });
});
