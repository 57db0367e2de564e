import assert from 'node:assert/strict';
import type { Notice } from '../../../src/extension/notices/notice.ts';
import { NoticeQueue } from '../../../src/extension/notices/noticeQueue.ts';
import { fingerprintOf } from '../people.ts';

const text = (digit: string, words: string): Notice => ({
  kind: 'message',
  peer: fingerprintOf(digit),
  text: words,
});
const question = (digit: string): Notice => ({ kind: 'connection', peer: fingerprintOf(digit) });

class Desk {
  focused = true;
  settled = new Set<Notice>();
  readonly shown: Notice[] = [];
  #close: (() => void)[] = [];
  readonly queue = new NoticeQueue({
    isLookedAt: () => this.focused,
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

  it('wait for the window to be looked at, and are left out when settled by then', () => {
    const desk = new Desk();
    desk.focused = false;
    const [read, open] = [text('b', '1'), text('c', '1')];
    desk.queue.add(read);
    desk.queue.add(open);
    assert.deepEqual(desk.shown, []);
    desk.settled.add(read);
    desk.focused = true;
    desk.queue.look();
    assert.deepEqual(desk.shown, [open]);
  });

  it('put a question before messages', async () => {
    const desk = new Desk();
    desk.queue.add(text('b', '1'));
    desk.queue.add(text('b', '2'));
    desk.queue.add(question('b'));
    await desk.close();
    assert.equal(desk.shown[1]?.kind, 'connection');
  });

  it('do not grow without bound while a stranger goes on', () => {
    const desk = new Desk();
    desk.focused = false;
    let asked = 0;
    const counting = new NoticeQueue({
      isLookedAt: () => asked > 0,
      isDue: () => {
        asked++;
        return true;
      },
      show: () => Promise.resolve(),
    });
    for (let i = 0; i < 1_000; i++) counting.add(text('b', String(i)));
    asked = 1;
    counting.look();
    assert.ok(asked <= 20, `${asked}`);
  });
});
