import assert from 'node:assert/strict';
import { canReact, type MessageSubject, messageChoices } from '../../../webview/model/messageActions.ts';
import { messageAt, transferOf } from '../support/conversation.ts';

const subject = (change: Partial<MessageSubject>): MessageSubject => ({
  message: messageAt(1, 'peer'),
  receipt: undefined,
  transfer: undefined,
  canWrite: true,
  ...change,
});
const labels = (change: Partial<MessageSubject>) => messageChoices(subject(change)).map(({ label }) => label);
const mine = messageAt(1, 'me');

describe('what can be done with a message', () => {
  it('of theirs: it is copied and answered', () => {
    assert.deepEqual(labels({}), ['Copy', 'Reply']);
  });

  it('of mine: it is edited and deleted, too', () => {
    assert.deepEqual(labels({ message: mine, receipt: 'read' }), ['Copy', 'Reply', 'Edit', 'Delete…']);
  });

  it('that has not left yet: it is withdrawn', () => {
    assert.deepEqual(labels({ message: mine, receipt: 'queued' }), ['Copy', 'Reply', 'Edit', 'Withdraw']);
  });

  it('with a file: it is opened and saved once the file is here, and its words cannot be edited', () => {
    const body = { kind: 'transfer', transferId: transferOf().id } as const;
    const here = transferOf({ path: '/x/trace.png', state: { kind: 'done', at: 0, sha256: '' } });
    const message = messageAt(1, 'peer', { body });
    assert.deepEqual(labels({ message, transfer: transferOf() }), ['Reply']);
    assert.deepEqual(labels({ message, transfer: here }), ['Reply', 'Open', 'Save as…']);
    const own = transferOf({ direction: 'send', path: '/x/trace.png' });
    assert.deepEqual(labels({ message: messageAt(1, 'me', { body }), transfer: own, receipt: 'sent' }), [
      'Reply',
      'Open',
      'Save as…',
      'Delete…',
    ]);
  });

  it('of somebody to whom nothing can be said: it is copied', () => {
    assert.deepEqual(labels({ canWrite: false }), ['Copy']);
    assert.equal(canReact(subject({ canWrite: false })), false);
  });

  it('that is deleted: nothing', () => {
    const message = messageAt(1, 'me', { body: { kind: 'deleted' } });
    assert.deepEqual(labels({ message, receipt: 'read' }), []);
    assert.equal(canReact(subject({ message })), false);
    assert.equal(canReact(subject({})), true);
  });
});
