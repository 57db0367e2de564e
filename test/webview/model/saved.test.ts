import assert from 'node:assert/strict';
import { savedIn } from '../../../webview/model/saved.ts';

describe('what a page has left for its next life', () => {
  it('is the draft, where it was read, and what was answered or changed', () => {
    const saved = {
      draft: 'half a',
      readingAt: 7,
      writing: { kind: 'edit', order: 5, text: 'other' },
      by: { page: 'p', at: 9 },
      unheard: [{ kind: 'sendText', id: '1', text: 'hi', by: { page: 'p', at: 8 } }],
    };
    assert.deepEqual(savedIn({ peer: 'b', ...saved }), saved);
  });

  it('is nothing where it is not what it should be', () => {
    const nothing = { draft: '', readingAt: undefined, writing: undefined, by: undefined, unheard: [] };
    const odd = [
      undefined,
      null,
      'text',
      7,
      [],
      { draft: 7, readingAt: 'x', writing: 'edit' },
      { writing: { kind: 'new', order: 1 } },
      { writing: { kind: 'reply', order: '1' } },
      { by: { page: 'p' } },
      { unheard: [{ kind: 'sendText', id: '1', text: 'hi' }] },
      { unheard: 'hi' },
    ];
    for (const state of odd) assert.deepEqual(savedIn(state), nothing);
  });
});
