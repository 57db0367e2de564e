// Threads that are lent for calls to people's own disks, where some of these disks answer nothing.

import assert from 'node:assert/strict';
import { DiskCalls } from '../../../src/engine/io/diskCalls.ts';
import { DiskThreads, MOST_THREADS, MOST_THREADS_IN_FOLDER } from '../../../src/engine/io/diskThreads.ts';

describe('threads for disks', () => {
  let threads: DiskThreads;
  let begun: string[];
  let calls: Map<string, PromiseWithResolvers<string>>;

  beforeEach(() => {
    threads = new DiskThreads();
    begun = [];
    calls = new Map();
  });

  /** Two calls of one folder are `a1` and `a2`. */
  async function ask(...names: string[]): Promise<Promise<string>[]> {
    const ends = names.map((name) => {
      const call = Promise.withResolvers<string>();
      calls.set(name, call);
      return threads.lend(name.charAt(0), () => {
        begun.push(name);
        return call.promise;
      });
    });
    await new Promise(setImmediate);
    return ends;
  }

  async function answer(name: string): Promise<void> {
    calls.get(name)?.resolve(`${name} answered`);
    await new Promise(setImmediate);
  }

  it('leave one for everything else: the system has four', () => {
    assert.deepEqual([MOST_THREADS, MOST_THREADS_IN_FOLDER], [3, 2]);
  });

  it('are two for a folder that answers nothing, and those of another one go on', async () => {
    await ask('a1', 'a2', 'a3', 'a4', 'b1', 'b2');
    assert.deepEqual(begun, ['a1', 'a2', 'b1']);
    await answer('b1');
    await ask('b3');
    await answer('b2');
    assert.deepEqual(begun, ['a1', 'a2', 'b1', 'b2', 'b3']);
  });

  it('are three in all', async () => {
    await ask('a1', 'b1', 'c1', 'd1', 'e1');
    assert.deepEqual(begun, ['a1', 'b1', 'c1']);
  });

  it('are had in the order in which calls came, once one has ended, however that was', async () => {
    const [first, second, third] = await ask('a1', 'a2', 'a3', 'a4');
    const failed = assert.rejects(async () => first, /gone/);
    calls.get('a1')?.reject(new Error('gone'));
    await failed;
    await answer('a2');
    assert.equal(await second, 'a2 answered');
    assert.deepEqual(begun, ['a1', 'a2', 'a3', 'a4']);
    await answer('a3');
    assert.equal(await third, 'a3 answered');
  });

  it('come back, and the folder can be asked again, after however many calls that nobody waited for in the end', async () => {
    const disks = new DiskCalls(threads);
    const gaveUp = new AbortController();
    const wait = { slow: () => new Error('slow'), patienceMs: 60_000, undo: async () => undefined };
    await ask('a1', 'a2');
    const left = Array.from({ length: 6_000 }, () =>
      disks.ask('a', async () => 'never asked', { ...wait, abort: gaveUp.signal }),
    );
    const ends = Promise.allSettled(left);
    gaveUp.abort();
    assert.ok((await ends).every(({ status }) => status === 'rejected'));
    assert.equal(disks.isSilent('a'), true);
    await answer('a1');
    await answer('a2');
    await disks.answered('a');
    assert.equal(await disks.ask('a', async () => 'answered', wait), 'answered');
  });
});
