// What is asked again and what is refused at once, without a Redis and without waiting.

import assert from 'node:assert/strict';
import { askRedis } from '../../../registry-server/store/askRedis.ts';
import { StoreAway } from '../../../registry-server/store/store.ts';

describe('a question to Redis', () => {
  let pauses: number[];
  let asked: boolean[];

  beforeEach(() => {
    pauses = [];
    asked = [];
  });

  /** Fails with one message after the other, then answers. */
  function ask(messages: string[], name = 'Error'): Promise<string> {
    const left = [...messages];
    const question = async (isRepeated: boolean) => {
      asked.push(isRepeated);
      const message = left.shift();
      if (message === undefined) return 'answer';
      throw Object.assign(new Error(message), { name });
    };
    return askRedis(question, async (ms) => {
      pauses.push(ms);
    });
  }

  it('is asked once when it is answered', async () => {
    assert.equal(await ask([]), 'answer');
    assert.deepEqual([asked, pauses], [[false], []]);
  });

  it('is asked again when the road broke under it, and told so', async () => {
    assert.equal(await ask(['Connection is closed.', 'the queue is off: enableOfflineQueue']), 'answer');
    assert.deepEqual(asked, [false, true, true]);
  });

  it('is asked again while Redis is failing over or loading', async () => {
    const replies = ['READONLY You', 'LOADING Redis', 'CLUSTERDOWN The', 'MOVED 1 127.0.0.1:1'];
    for (const reply of replies) assert.equal(await ask([reply], 'ReplyError'), 'answer', reply);
  });

  it('is given up after little more than a second', async () => {
    await assert.rejects(ask(Array(9).fill('Connection is closed.')), StoreAway);
    assert.equal(asked.length, pauses.length + 1);
    assert.ok(pauses.reduce((sum, ms) => sum + ms) < 1_500);
  });

  it('is refused at once while Redis is known to be away, and when waiting has already taken long', async () => {
    const texts = ["Stream isn't writeable and enableOfflineQueue options is false", 'Command timed out'];
    for (const text of texts) await assert.rejects(ask([text]), StoreAway);
    await assert.rejects(ask(['OOM command not allowed'], 'ReplyError'), StoreAway);
    assert.deepEqual(pauses, []);
    await assert.rejects(ask(['Connection is closed.', 'Command timed out', 'Command timed out']), StoreAway);
    assert.equal(pauses.length, 1);
  });

  it('that is itself wrong is a bug', async () => {
    await assert.rejects(ask(['ERR unknown command'], 'ReplyError'), { name: 'ReplyError' });
    await assert.rejects(
      askRedis(() => Promise.reject('a word')),
      /a word/,
    );
  });
});
