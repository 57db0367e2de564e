// Whatever a test wants of the threads of an engine, each of them does.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { sleepAll } from './datagramSwitch.ts';

/** Long against the pauses that a busy machine makes. */
const SLEEP_MS = 1_000;
/** A thread that says how long it has stood still, once that was long. */
const WATCH = `
  import { parentPort } from 'node:worker_threads';
  let last = performance.now();
  setInterval(() => {
    const now = performance.now();
    if (now - last > ${SLEEP_MS / 2}) parentPort.postMessage(now - last);
    last = now;
  }, 1);
  parentPort.postMessage('up');
`;

describe('a computer that is put to sleep by a test', function () {
  this.timeout(10_000);

  it('sleeps with all its threads', async () => {
    const script = new URL(`data:text/javascript,${encodeURIComponent(WATCH)}`);
    const threads = [1, 2, 3].map(() => new Worker(script));
    await Promise.all(threads.map((thread) => once(thread, 'message')));
    const slept = Promise.all(threads.map((thread) => once(thread, 'message')));
    sleepAll(SLEEP_MS);
    assert.equal((await slept).length, threads.length);
    await Promise.all(threads.map((thread) => thread.terminate()));
  });
});
