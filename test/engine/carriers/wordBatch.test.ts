// Words to another thread, over a real channel.

import assert from 'node:assert/strict';
import { MessageChannel } from 'node:worker_threads';
import { movable, WordBatch } from '../../../src/engine/carriers/wordBatch.ts';

interface Word {
  readonly number: number;
  readonly bytes?: Uint8Array;
}

describe('words to another thread', () => {
  let posts: Word[][];
  let words: WordBatch<Word>;
  let channel: MessageChannel;

  beforeEach(() => {
    posts = [];
    channel = new MessageChannel();
    channel.port2.on('message', (post: Word[]) => posts.push(post));
    words = new WordBatch<Word>(channel.port1);
  });
  afterEach(() => channel.port1.close());

  async function arrived(count: number): Promise<void> {
    while (posts.flat().length < count) await new Promise(setImmediate);
  }

  it('go together where they were said in one turn, and in order', async () => {
    for (let number = 0; number < 5; number++) words.say({ number });
    await arrived(5);
    words.say({ number: 5 });
    await arrived(6);
    assert.deepEqual(
      posts.map((post) => post.map(({ number }) => number)),
      [[0, 1, 2, 3, 4], [5]],
    );
  });

  it('do not wait for more than 31 others', async () => {
    for (let number = 0; number < 70; number++) words.say({ number });
    await arrived(70);
    assert.deepEqual(
      posts.map(({ length }) => length),
      [32, 32, 6],
    );
    assert.deepEqual(
      posts.flat().map(({ number }) => number),
      Array.from({ length: 70 }, (_, number) => number),
    );
  });

  it('that are said at once do not wait for the end of the turn, which may be long, and go behind those before', () => {
    const posted: number[][] = [];
    const port = {
      postMessage: (post: readonly Word[]) => void posted.push(post.map(({ number }) => number)),
    };
    const urgent = new WordBatch<Word>(port);
    urgent.say({ number: 0 });
    urgent.sayLater({ number: 1 });
    urgent.sayNow({ number: 2 });
    assert.deepEqual(posted, [[0, 1, 2]]);
    urgent.sayNow({ number: 3 });
    assert.deepEqual(posted, [[0, 1, 2], [3]]);
  });

  it('that can wait go at once where nothing was said before', async () => {
    words.sayLater({ number: 0 });
    await arrived(1);
  });

  it('that can wait go with the next that cannot, behind those before', async () => {
    words.say({ number: 0 });
    await new Promise(setImmediate);
    words.sayLater({ number: 1 });
    words.sayLater({ number: 2 });
    words.say({ number: 3 });
    await arrived(4);
    assert.deepEqual(
      posts.map((post) => post.map(({ number }) => number)),
      [[0], [1, 2, 3]],
    );
  });

  it('that can wait go by themselves, each once', async () => {
    for (let number = 0; number < 50; number++) {
      words.sayLater({ number });
      await new Promise(setImmediate);
    }
    await arrived(50);
    assert.deepEqual(
      posts.flat().map(({ number }) => number),
      Array.from({ length: 50 }, (_, number) => number),
    );
  });

  it('move their bytes: they are here, or there', async () => {
    const bytes = movable(Buffer.allocUnsafeSlow(65_536).fill(7));
    words.say({ number: 0, bytes }, bytes);
    await arrived(1);
    assert.equal(bytes.byteLength, 0);
    assert.deepEqual(posts[0]?.[0]?.bytes, new Uint8Array(65_536).fill(7));
    const next = movable(Buffer.allocUnsafeSlow(10).fill(8));
    words.sayNow({ number: 1 });
    words.say({ number: 2, bytes: next }, next);
    await arrived(3);
    assert.deepEqual(posts.at(-1)?.[0]?.bytes, new Uint8Array(10).fill(8));
  });

  it('move a copy of what is a part of a larger memory', () => {
    const larger = Buffer.alloc(100, 3);
    const part = movable(larger.subarray(10, 20));
    assert.equal(part.buffer.byteLength, 10);
    assert.equal(larger.buffer.byteLength >= 100, true);
    const shared = movable(new Uint8Array(new SharedArrayBuffer(8)));
    assert.ok(shared.buffer instanceof ArrayBuffer);
  });
});
