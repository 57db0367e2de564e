import assert from 'node:assert/strict';
import type { FromPanel, SavedPanel } from '../../src/contract/panel.ts';
import { openHost } from '../../webview/host.ts';
import { fingerprintOf } from '../extension/people.ts';

const peer = fingerprintOf('b');

describe('what a page tells and leaves', () => {
  let saved: Partial<SavedPanel> | undefined;
  let told: FromPanel[];

  /** The next life of the page. */
  const open = () => {
    told = [];
    const api = {
      postMessage: (intent: FromPanel) => told.push(intent),
      getState: () => saved,
      setState: (state: Partial<SavedPanel>) => {
        saved = state;
      },
    };
    Object.assign(globalThis, { acquireVsCodeApi: () => api });
    return openHost({ dataset: {} } as HTMLElement);
  };
  const stampOf = (intent: FromPanel | undefined) =>
    intent !== undefined && 'by' in intent ? intent.by : undefined;

  beforeEach(() => {
    saved = undefined;
  });

  after(() => Object.assign(globalThis, { acquireVsCodeApi: undefined }));

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
    open().send({ kind: 'ready' });
    assert.deepEqual(told, [{ kind: 'ready', by }]);
  });

  it('bears no stamp where nothing is written', () => {
    open().send({ kind: 'connect' });
    assert.deepEqual(told, [{ kind: 'connect' }]);
  });
});
