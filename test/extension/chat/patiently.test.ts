// How long a person waits for a disk, and what they can do about it meanwhile.

import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { fail } from '../../../src/contract/failure.ts';
import { Cancelled, LONG_MS, type LongWait, patiently } from '../../../src/extension/chat/patiently.ts';
import { realTimers } from '../../support/realTimers.ts';

describe('a wait for a disk', () => {
  let shown: LongWait[];
  let signal: AbortSignal | undefined;
  let answer: PromiseWithResolvers<string>;
  let waiting: Promise<string>;

  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout'] });
    shown = [];
    answer = Promise.withResolvers<string>();
    const ask = (options: { readonly signal?: AbortSignal }) => {
      signal = options.signal;
      return answer.promise;
    };
    waiting = patiently(ask, (wait) => shown.push(wait));
  });
  afterEach(() => realTimers());

  it('is not shown where the disk answers as disks do', async () => {
    mock.timers.tick(LONG_MS - 1);
    answer.resolve('it');
    assert.equal(await waiting, 'it');
    mock.timers.tick(LONG_MS);
    assert.deepEqual(shown, []);
  });

  it('is shown once where it is long, until it is over', async () => {
    mock.timers.tick(10 * LONG_MS);
    assert.equal(shown.length, 1);
    answer.reject(fail('fileSlow', { path: 'a.jpg', seconds: 120 }));
    const slow = { failure: { code: 'fileSlow', details: { path: 'a.jpg', seconds: 120 } } };
    await assert.rejects(waiting, slow);
    await assert.rejects(shown[0]?.over ?? Promise.resolve(), slow);
  });

  it('ends at once when it is cancelled, and the engine hears of it', async () => {
    mock.timers.tick(LONG_MS);
    assert.equal(signal?.aborted, false);
    shown[0]?.cancel();
    await assert.rejects(waiting, Cancelled);
    assert.equal(signal?.aborted, true);
  });
});
