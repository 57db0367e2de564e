// A yes that is said again, or taken back, while its folder is being opened.

import assert from 'node:assert/strict';
import type { Abort } from '../../../src/contract/rpc.ts';
import { Yeses } from '../../../src/engine/files/yeses.ts';

const ID = 'a'.repeat(32);
const FOLDER = '/here';

describe('a yes to an offer', () => {
  let yeses: Yeses;
  let opening: PromiseWithResolvers<void>;
  let opened: number;

  beforeEach(() => {
    [yeses, opening, opened] = [new Yeses(), Promise.withResolvers(), 0];
  });

  const say = (isStopped = true) =>
    yeses.say(ID, FOLDER, (abort: Abort) => {
      opened++;
      if (isStopped) abort.addEventListener('abort', () => opening.reject(new Error('nobody waits')));
      return opening.promise;
    });

  it('that is said twice is one: both end as it does', async () => {
    const both = [say(), yeses.sayAgain(ID, FOLDER)];
    opening.reject(new Error('the disk is full'));
    for (const each of both) await assert.rejects(async () => each, /full/);
    assert.deepEqual([opened, yeses.has(ID)], [1, false]);
  });

  it('is another one for another folder, or once the first was taken back', async () => {
    const first = say(false);
    assert.equal(yeses.sayAgain(ID, '/there'), undefined);
    const over = yeses.takeBack(ID);
    assert.equal(yeses.sayAgain(ID, FOLDER), undefined, 'the first will bring nothing');
    opening.resolve();
    await Promise.all([first, over]);
    assert.equal(yeses.has(ID), false);
  });

  it('ends quietly where it is taken back, when nothing of it is left to be done', async () => {
    const first = say();
    await yeses.takeBack(ID);
    assert.equal(yeses.has(ID), false);
    await first;
    await yeses.takeBack(ID);
  });

  it('is called off where nobody waited for it any more when its turn came', async () => {
    const abort = new AbortController();
    abort.abort();
    const gone = yeses.say(
      ID,
      FOLDER,
      async (own) => {
        if (own.aborted) throw new Error('called off before it began');
        own.addEventListener('abort', () => opening.reject(new Error('nobody waits')));
        await opening.promise;
      },
      abort.signal,
    );
    setImmediate(() => opening.resolve());
    await assert.rejects(gone, /nobody waits/);
    assert.equal(yeses.has(ID), false);
  });

  it('can be taken back in the very moment in which it fails', async () => {
    for (let moment = 0; moment < 8; moment++) {
      opening = Promise.withResolvers();
      const first = say().catch(() => 'failed');
      opening.reject(new Error('the disk is full'));
      for (let passed = 0; passed < moment; passed++) await undefined;
      await yeses.takeBack(ID);
      await first;
    }
    assert.equal(yeses.has(ID), false);
  });
});
