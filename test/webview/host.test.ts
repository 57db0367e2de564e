import assert from 'node:assert/strict';
import { failure } from '../../src/contract/failure.ts';
import type { FailedIntent, FromPanel, SavedPanel, ToPanel } from '../../src/contract/panel.ts';
import { openHost } from '../../webview/host.ts';
import { fingerprintOf } from '../extension/people.ts';

const peer = fingerprintOf('b');
const FAILED = { kind: 'failed', failure: failure('engineGone', {}), asked: 'sendText' } as const;

describe('what a page tells and leaves', () => {
  let saved: Partial<SavedPanel> | undefined;
  let told: FromPanel[];
  let timers: (() => void)[];
  let listeners: ((event: { readonly data: ToPanel }) => void)[];

  /** The next life of the page. */
  const open = () => {
    told = [];
    timers = [];
    listeners = [];
    const api = {
      postMessage: (intent: FromPanel) => told.push(intent),
      getState: () => saved,
      setState: (state: Partial<SavedPanel>) => {
        saved = state;
      },
    };
    const addEventListener = (_: string, listener: (typeof listeners)[number]) => listeners.push(listener);
    Object.assign(globalThis, { acquireVsCodeApi: () => api, window: { addEventListener } });
    return openHost({ dataset: {} } as HTMLElement, (onTime) => timers.push(onTime));
  };
  /** What the extension says. */
  const hear = (data: ToPanel) => {
    for (const listener of listeners) listener({ data });
  };
  const stampOf = (intent: FromPanel | undefined) =>
    intent !== undefined && 'by' in intent ? intent.by : undefined;

  beforeEach(() => {
    saved = undefined;
  });

  after(() => Object.assign(globalThis, { acquireVsCodeApi: undefined, window: undefined }));

  it('is newer than what the editor has kept of it, also where it had told nothing then', () => {
    const host = open();
    host.remember({ peer, draft: '' });
    const early = saved;
    host.send({ kind: 'unsent', texts: [{ text: 'hello' }] });
    const by = stampOf(told.at(-1));
    saved = early;
    open().send({ kind: 'ready' });
    const keptBy = stampOf(told[0]);
    assert.ok(by !== undefined && keptBy !== undefined);
    assert.equal(keptBy.page, by.page);
    assert.equal(keptBy.at < by.at, true);
  });

  it('is not newer where the editor has kept the last of it', () => {
    const host = open();
    host.send({ kind: 'sendText', id: '1'.repeat(32), text: 'hi' });
    host.send({ kind: 'unsent', texts: [] });
    const by = stampOf(told.at(-1));
    assert.ok(by !== undefined);
    host.onMessage(() => undefined);
    hear({ kind: 'heard', at: by.at });
    open().send({ kind: 'ready' });
    assert.deepEqual(told, [{ kind: 'ready', by }]);
  });

  it('bears no stamp where nothing is written', () => {
    open().send({ kind: 'connect' });
    assert.deepEqual(told, [{ kind: 'connect' }]);
  });

  it('is said to be unheard where nobody answers a page that is there, until somebody does', () => {
    for (const [answer, said] of [
      [undefined, ['unheard', 'heard']],
      [{ kind: 'heard', at: 0 }, []],
      [{ kind: 'engineAway' }, ['engineAway']],
    ] as const) {
      const host = open();
      const heard: string[] = [];
      host.onMessage(({ kind }) => heard.push(kind));
      host.send({ kind: 'ready' });
      if (answer !== undefined) hear(answer);
      for (const onTime of timers) onTime();
      hear({ kind: 'heard', at: 0 });
      assert.deepEqual(heard, said);
    }
  });

  it('is the same text where one that could not be sent is sent again as it is, once: perhaps it was stored', () => {
    const host = open();
    const [id, other] = ['1'.repeat(32), '2'.repeat(32)];
    const replyTo = '3'.repeat(32);
    const failed = (returned: FailedIntent['returned']) => hear({ ...FAILED, ...(returned && { returned }) });
    const idOf = (text: string, more = {}) => {
      host.send({ kind: 'sendText', id: other, text, ...more });
      const last = told.at(-1);
      return last !== undefined && 'id' in last ? last.id : undefined;
    };
    host.onMessage(() => undefined);
    failed({ id, text: 'hi', replyTo });
    failed(undefined);
    assert.deepEqual([idOf('hi', { replyTo }), idOf('hi', { replyTo })], [id, other]);
    for (const [text, more] of [
      ['hi', {}],
      ['hi there', { replyTo }],
    ] as const) {
      failed({ id, text: 'hi', replyTo });
      assert.deepEqual([idOf(text, more), idOf('hi', { replyTo })], [other, other]);
    }
  });

  it('is another text where one that could not be sent is written anew, or was stored and is deleted', () => {
    const host = open();
    const [id, other] = ['1'.repeat(32), '2'.repeat(32)];
    host.onMessage(() => undefined);
    const draftIs = (...drafts: string[]) => {
      for (const draft of drafts) host.remember({ draft });
    };
    for (const [act, said] of [
      [() => draftIs('hi', 'hi there', 'hi'), id],
      [() => draftIs('hi', '', 'hi'), other],
      [() => host.send({ kind: 'deleteMessage', id: other }), id],
      [() => host.send({ kind: 'deleteMessage', id }), other],
    ] as const) {
      hear({ ...FAILED, returned: { id, text: 'hi' } });
      act();
      host.send({ kind: 'sendText', id: other, text: 'hi' });
      assert.partialDeepStrictEqual(told.at(-1), { id: said });
    }
  });

  describe('of a text that was sent', () => {
    const text = { kind: 'sendText', id: '1'.repeat(32), text: 'hi' } as const;
    let heard: string[];

    const openAndSend = () => {
      const host = open();
      heard = [];
      host.onMessage(({ kind }) => heard.push(kind));
      host.send(text);
      return stampOf(told.at(-1));
    };

    it('is all of it, until somebody has heard it', () => {
      const by = openAndSend();
      open().send({ kind: 'ready' });
      assert.deepEqual(told, [{ kind: 'ready', by: stampOf(told[0]), unheard: [{ ...text, by }] }]);
      const again = openAndSend();
      assert.ok(again !== undefined);
      hear({ kind: 'heard', at: again.at });
      open().send({ kind: 'ready' });
      assert.deepEqual(told, [{ kind: 'ready', by: stampOf(told[0]) }]);
    });

    it('is said to be heard only where it was said not to be', () => {
      const by = openAndSend();
      assert.ok(by !== undefined);
      hear({ kind: 'heard', at: by.at });
      for (const onTime of timers) onTime();
      assert.deepEqual(heard, []);
    });

    it('is said to be unheard where nobody has heard it in time', () => {
      const by = openAndSend();
      assert.ok(by !== undefined);
      for (const onTime of timers) onTime();
      assert.deepEqual(heard, ['unheard']);
      hear({ kind: 'heard', at: by.at });
      for (const onTime of timers) onTime();
      assert.deepEqual(heard, ['unheard', 'heard']);
    });
  });
});
