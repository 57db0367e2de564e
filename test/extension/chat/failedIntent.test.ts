import assert from 'node:assert/strict';
import { failure } from '../../../src/contract/failure.ts';
import { failedIntent, isWaitedFor } from '../../../src/extension/chat/failedIntent.ts';

const gone = failure('engineGone', {});
const id = 'c'.repeat(32);

describe('an intent that failed', () => {
  it('gives a text back as what it was: new, an answer, or other words for a message, under its id', () => {
    for (const text of [
      { id, text: 'hi' },
      { id, text: 'hi', replyTo: id },
      { id, text: 'hi', editOf: id },
    ])
      assert.deepEqual(
        failedIntent(gone, { kind: 'sendText', ...text, by: { page: id, at: 1 } }).returned,
        text,
      );
  });

  it('is named, so that the page waits on for what else it asked', () => {
    assert.deepEqual(failedIntent(gone, { kind: 'loadEarlier' }), {
      kind: 'failed',
      failure: gone,
      asked: 'loadEarlier',
    });
    assert.deepEqual(failedIntent(gone), { kind: 'failed', failure: gone });
  });

  it('is told out of sight of its page only where a person wants something done, not where the page wanted to show it', () => {
    assert.equal(isWaitedFor({ kind: 'react', id, emoji: '👍', on: true }), true);
    assert.equal(isWaitedFor({ kind: 'loadEarlier' }), false);
    assert.equal(isWaitedFor(undefined), false);
  });
});
