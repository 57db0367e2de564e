import assert from 'node:assert/strict';
import { NoticeClaims } from '../../../src/engine/windows/noticeClaims.ts';
import type { Notice } from '../../../src/extension/notices/notice.ts';
import { WhoTells } from '../../../src/extension/notices/whoTells.ts';
import { fingerprintOf } from '../people.ts';

const text = (words: string): Notice => ({
  kind: 'message',
  peer: fingerprintOf('b'),
  text: words,
  number: 1,
});
const question: Notice = { kind: 'connection', peer: fingerprintOf('b') };

/** Several windows over one engine, in virtual time. */
class Desktop {
  now = 0;
  readonly told: string[] = [];
  readonly unwanted = new Set<Notice>();
  readonly #claims = new NoticeClaims({ now: () => this.now }, () => true);
  #timers: { readonly at: number; readonly work: () => void }[] = [];

  window(name: string): { readonly who: WhoTells; focus(has: boolean): void } {
    let isFocused = false;
    const who = new WhoTells({
      isFocused: () => isFocused,
      now: () => this.now,
      after: (ms, work) => {
        const timer = { at: this.now + ms, work };
        this.#timers.push(timer);
        return {
          dispose: () => {
            this.#timers = this.#timers.filter((each) => each !== timer);
          },
        };
      },
      isDue: (notice) => !this.unwanted.has(notice),
      claim: async (about, id, focused) => this.#claims.claim({ about, id, isFocused: focused }, name),
      tell: (notice) => this.told.push(`${name}: ${notice.kind === 'message' ? notice.text : notice.kind}`),
    });
    const focus = (has: boolean) => {
      isFocused = has;
      who.focusChanged();
    };
    return { who, focus };
  }

  async pass(ms: number): Promise<void> {
    const end = this.now + ms;
    for (;;) {
      const next = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#timers = this.#timers.filter((each) => each !== next);
      this.now = Math.max(this.now, next.at);
      next.work();
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.now = end;
  }
}

describe('of several windows of one person', () => {
  it('the one with the focus tells, and no other', async () => {
    const desktop = new Desktop();
    const windows = ['A', 'B', 'C'].map((name) => desktop.window(name));
    windows[1]?.focus(true);
    for (const { who } of windows) who.add(text('hello'));
    await desktop.pass(10_000);
    assert.deepEqual(desktop.told, ['B: hello']);
  });

  it('the one that had the focus last tells while none has it', async () => {
    const desktop = new Desktop();
    const windows = ['A', 'B', 'C'].map((name) => desktop.window(name));
    for (const place of [0, 2, 1]) {
      windows[place]?.focus(true);
      await desktop.pass(20_000);
      windows[place]?.focus(false);
    }
    await desktop.pass(20_000);
    for (const { who } of windows) who.add(question);
    await desktop.pass(10_000);
    assert.deepEqual(desktop.told, ['B: connection']);
  });

  it('one tells even where all believe to have the focus', async () => {
    const desktop = new Desktop();
    const windows = ['A', 'B'].map((name) => desktop.window(name));
    for (const { focus } of windows) focus(true);
    for (const { who } of windows) who.add(text('hello'));
    await desktop.pass(10_000);
    assert.equal(desktop.told.length, 1);
  });

  it('many messages at once are told of as one, the last', async () => {
    const desktop = new Desktop();
    const { who, focus } = desktop.window('A');
    focus(true);
    for (let i = 1; i <= 1_000; i++) who.add(text(`message ${i}`));
    await desktop.pass(1_000);
    assert.deepEqual(desktop.told, ['A: message 1000']);
  });

  it('none tells of what was read or answered before it came to that', async () => {
    const desktop = new Desktop();
    const { who } = desktop.window('A');
    const read = text('read');
    who.add(read);
    desktop.unwanted.add(read);
    await desktop.pass(10_000);
    assert.deepEqual(desktop.told, []);
  });

  it('one that closes tells of nothing any more', async () => {
    const desktop = new Desktop();
    const { who } = desktop.window('A');
    who.add(text('hello'));
    who.dispose();
    await desktop.pass(10_000);
    assert.deepEqual(desktop.told, []);
  });
});
