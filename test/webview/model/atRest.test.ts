import assert from 'node:assert/strict';
import { failure } from '../../../src/contract/failure.ts';
import { nextPage } from '../../../webview/model/page.ts';
import { conversationIn, EMPTY_PAGE, peerIn } from '../../../webview/model/pageState.ts';
import { bob, messageAt, showing, stateOf, transferOf } from '../support/conversation.ts';

const running = { kind: 'running', bytes: 1, bytesPerSecond: 8_000_000, attempt: 1 } as const;
const transfers = {
  running: transferOf({ state: running }),
  checking: transferOf({ state: { kind: 'checking' } }),
  offered: transferOf(),
  done: transferOf({ state: { kind: 'done', at: 0, sha256: '' } }),
};
const state = stateOf(bob({ isTyping: true, lastSeenAt: 7 }), [messageAt(1, 'peer')], { transfers });
const page = nextPage(EMPTY_PAGE, showing(state));
const stopped = failure('engineEnded', {});

describe('a page without an engine', () => {
  it('shows what was last known while one is about to come', () => {
    const away = nextPage(page, { kind: 'engineAway' });
    assert.equal(away.shown, page.shown);
  });

  it('shows nobody as connected or typing, and nothing that moves, where none comes by itself', () => {
    const away = nextPage(page, { kind: 'engineAway', stopped });
    assert.deepEqual(peerIn(away), bob({ link: 'none', presence: 'unknown', lastSeenAt: 7 }));
    const kinds = Object.entries(away.shown?.state.transfers ?? {}).map(([key, { state }]) => [
      key,
      state.kind,
    ]);
    assert.deepEqual(kinds, [
      ['running', 'waiting'],
      ['checking', 'waiting'],
      ['offered', 'offered'],
      ['done', 'done'],
    ]);
    assert.equal(conversationIn(away), conversationIn(page));
  });

  it('shows what is true again with the next one', () => {
    const back = nextPage(nextPage(page, { kind: 'engineAway', stopped }), showing(state));
    assert.equal(peerIn(back)?.link, 'connected');
  });
});
