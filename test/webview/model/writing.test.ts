import assert from 'node:assert/strict';
import { MAX_EXCERPT_LENGTH } from '../../../src/contract/message.ts';
import {
  excerptOf,
  lastEditable,
  NEW,
  savedWriting,
  sendIntent,
  type Writing,
  writingAfter,
  writingOf,
} from '../../../webview/model/writing.ts';
import { messageAt, transferOf } from '../support/conversation.ts';

const deleted = { body: { kind: 'deleted' } } as const;
const saying = (text: string) => ({ body: { kind: 'text', text } }) as const;
const transfer = transferOf();

describe('writing', () => {
  it('sends something new, an answer, or other words', () => {
    const id = 'd'.repeat(32);
    const message = messageAt(3, 'me', { id: 'c'.repeat(32) });
    assert.deepEqual(sendIntent(NEW, 'hi', id), { kind: 'sendText', id, text: 'hi' });
    assert.deepEqual(sendIntent({ kind: 'reply', message }, 'hi', id), {
      kind: 'sendText',
      id,
      text: 'hi',
      replyTo: message.id,
    });
    assert.deepEqual(sendIntent({ kind: 'edit', message }, 'hi', id), {
      kind: 'sendText',
      id,
      text: 'hi',
      editOf: message.id,
    });
  });

  it('shows the beginning of a message in one line, or the name of its file', () => {
    assert.equal(excerptOf(messageAt(1, 'me', saying('one\n\n  two')), {}), 'one two');
    assert.equal(
      excerptOf(messageAt(1, 'me', saying('😀'.repeat(500))), {}).length,
      2 * MAX_EXCERPT_LENGTH + 1,
    );
    const file = messageAt(1, 'me', { body: { kind: 'transfer', transferId: transfer.id } });
    assert.equal(excerptOf(file, { [transfer.id]: transfer }), 'trace.png');
    assert.equal(excerptOf(file, {}), 'a file');
    assert.equal(excerptOf(messageAt(1, 'me', deleted), {}), '');
  });

  it('changes the last text of mine, not a file, not what was deleted, and not among old messages', () => {
    const messages = [
      messageAt(1, 'me'),
      messageAt(2, 'me'),
      messageAt(3, 'me', deleted),
      messageAt(4, 'me', { body: { kind: 'transfer', transferId: transfer.id } }),
      messageAt(5, 'peer'),
    ];
    assert.equal(lastEditable({ messages, hasEarlier: false })?.order, 2);
    assert.equal(lastEditable({ messages, hasEarlier: false, hasLater: true }), undefined);
    assert.equal(lastEditable({ messages: messages.slice(2), hasEarlier: false }), undefined);
    assert.equal(lastEditable(undefined), undefined);
  });

  it('goes on with what a message says now, and ends when it is deleted', () => {
    const writing: Writing = { kind: 'reply', message: messageAt(3, 'peer') };
    const other = messageAt(3, 'peer', saying('other words'));
    assert.deepEqual(writingAfter(writing, other), { kind: 'reply', message: other });
    assert.equal(writingAfter(writing, messageAt(4, 'peer', deleted)), writing);
    assert.equal(writingAfter(writing, messageAt(3, 'peer', deleted)), NEW);
    assert.equal(writingAfter(NEW, other), NEW);
  });

  it('goes on in the next life of the page, with the words that were written so far', () => {
    const message = messageAt(3, 'me');
    const conversation = { messages: [message], hasEarlier: true };
    const edit: Writing = { kind: 'edit', message };
    const kept = savedWriting(edit, { order: 3, text: 'half a' });
    assert.deepEqual(kept, { kind: 'edit', order: 3, text: 'half a' });
    assert.deepEqual(writingOf(kept, conversation), edit);
    assert.equal(savedWriting(edit, { order: 2, text: 'of another' })?.text, undefined);
    assert.equal(savedWriting(NEW, undefined), undefined);
    assert.equal(writingOf(undefined, conversation), undefined);
    assert.equal(writingOf({ kind: 'reply', order: 4 }, conversation), undefined);
    const gone = { messages: [messageAt(3, 'me', deleted)], hasEarlier: true };
    assert.equal(writingOf(kept, gone), undefined);
  });
});
