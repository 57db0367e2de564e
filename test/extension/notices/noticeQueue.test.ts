import assert from 'node:assert/strict';
import type { Notice } from '../../../src/extension/notices/notice.ts';
import { NoticeQueue } from '../../../src/extension/notices/noticeQueue.ts';
import { fingerprintOf } from '../people.ts';

const text = (digit: string, words: string): Notice => ({
  kind: 'message',
  peer: fingerprintOf(digit),
  text: words,
  number: 1,
});
const offer = (digit: string): Notice => ({
  ...{ kind: 'offer', peer: fingerprintOf(digit), transfer: digit },
});
const question = (digit: string): Notice => ({ kind: 'connection', peer: fingerprintOf(digit) });

class Desk {
  settled = new Set<Notice>();
  readonly shown: Notice[] = [];
  #close: (() => void)[] = [];
  readonly queue = new NoticeQueue({
    isDue: (notice) => !this.settled.has(notice),
    show: (notice) => {
      this.shown.push(notice);
      return new Promise((resolve) => this.#close.push(resolve));
    },
  });

  /** Closes the notification that was shown first and lets the queue go on. */
  async close(): Promise<void> {
    this.#close.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('notifications', () => {
  it('come one at a time for each person', async () => {
    const desk = new Desk();
    const [first, second, other] = [text('b', '1'), text('b', '2'), text('c', '1')];
    for (const notice of [first, second, other]) desk.queue.add(notice);
    assert.deepEqual(desk.shown, [first, other]);
    await desk.close();
    assert.deepEqual(desk.shown, [first, other, second]);
  });

  it('show the last of several messages that waited', async () => {
    const desk = new Desk();
    for (const words of ['1', '2', '3', '4']) desk.queue.add(text('b', words));
    await desk.close();
    await desk.close();
    assert.deepEqual(
      desk.shown.map((notice) => notice.kind === 'message' && notice.text),
      ['1', '4'],
    );
  });

  it('are left out when they were settled while they waited for their turn', async () => {
    const desk = new Desk();
    const [first, read, open] = [text('b', '1'), offer('b'), text('b', '2')];
    for (const notice of [first, read, open]) desk.queue.add(notice);
    desk.settled.add(read);
    await desk.close();
    assert.deepEqual(desk.shown, [first, open]);
  });

  it('show one person who wants to connect at a time, however many do', async () => {
    const desk = new Desk();
    for (const digit of ['1', '2', '3']) desk.queue.add(question(digit));
    desk.queue.add(text('4', 'hello'));
    assert.deepEqual(desk.shown, [question('1'), text('4', 'hello')]);
    await desk.close();
    assert.deepEqual(desk.shown.at(-1), question('2'));
  });

  it('put a question before messages', async () => {
    const desk = new Desk();
    desk.queue.add(text('b', '1'));
    desk.queue.add(text('b', '2'));
    desk.queue.add(offer('b'));
    await desk.close();
    assert.equal(desk.shown[1]?.kind, 'offer');
  });

  it('do not grow without bound while a stranger goes on', async () => {
    const desk = new Desk();
    for (let i = 0; i < 1_000; i++) desk.queue.add(question('b'));
    for (let i = 0; i < 20; i++) await desk.close();
    assert.equal(desk.shown.length, 9);
  });
});
