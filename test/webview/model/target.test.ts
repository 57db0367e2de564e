import assert from 'node:assert/strict';
import { isLoaded } from '../../../webview/model/target.ts';
import { messageAt } from '../support/conversation.ts';

const middle = {
  messages: [messageAt(10, 'me'), messageAt(20, 'peer')],
  hasEarlier: true,
  hasLater: true,
};
const message = (order: number) => ({ kind: 'message', order, isSought: true }) as const;

describe('target', () => {
  it('is loaded between the first and the last message that are', () => {
    const loaded = [9, 10, 15, 20, 21].map((order) => isLoaded(message(order), middle));
    assert.deepEqual(loaded, [false, true, true, true, false]);
  });

  it('is as loaded as it can be where nothing lies beyond', () => {
    const whole = { ...middle, hasEarlier: false, hasLater: false };
    assert.equal(isLoaded(message(1), whole), true);
    assert.equal(isLoaded(message(99), whole), true);
    assert.equal(isLoaded(message(1), { messages: [], hasEarlier: false }), true);
    assert.equal(isLoaded(message(1), { messages: [], hasEarlier: true }), false);
  });

  it('is the newest message only where none is newer', () => {
    assert.equal(isLoaded({ kind: 'newest' }, middle), false);
    assert.equal(isLoaded({ kind: 'newest' }, { ...middle, hasLater: false }), true);
  });
});
