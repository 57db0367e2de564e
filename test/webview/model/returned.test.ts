import assert from 'node:assert/strict';
import { failure } from '../../../src/contract/failure.ts';
import type { ReturnedText, ToPanel } from '../../../src/contract/panel.ts';
import { nextPage } from '../../../webview/model/page.ts';
import { EMPTY_PAGE } from '../../../webview/model/pageState.ts';
import { NEW } from '../../../webview/model/writing.ts';
import { bob, messageAt, showing, stateOf } from '../support/conversation.ts';

const [theirs, mine, other] = [messageAt(1, 'peer'), messageAt(2, 'me'), messageAt(3, 'me')];
const page = nextPage(EMPTY_PAGE, showing(stateOf(bob(), [theirs, mine, other])));
const returning = (returned: ReturnedText): ToPanel => ({
  kind: 'failed',
  failure: failure('engineGone', {}),
  asked: 'sendText',
  returned: { id: '7'.repeat(32), ...returned },
});
const edit = returning({ text: 'other words', editOf: mine.id });

describe('text that could not be sent', () => {
  it('is the change of the same message again, never a new message', () => {
    const back = nextPage(page, edit);
    assert.deepEqual(back.writing, { kind: 'edit', message: mine, text: 'other words' });
    assert.equal(back.returnedDraft, undefined);
    assert.equal(back.begun, 0);
  });

  it('is the answer to the same message again', () => {
    const back = nextPage(page, returning({ text: 'hi', replyTo: theirs.id }));
    assert.deepEqual(back.writing, { kind: 'reply', message: theirs });
    assert.equal(back.returnedDraft, 'hi');
  });

  it('waits with a change until nothing else is being answered or changed', () => {
    const writing = { kind: 'edit', message: other } as const;
    const busy = nextPage(nextPage(page, { kind: 'write', writing }), edit);
    assert.equal(busy.writing, writing);
    const free = nextPage(busy, { kind: 'write', writing: NEW });
    assert.deepEqual(free.writing, { kind: 'edit', message: mine, text: 'other words' });
    assert.deepEqual(nextPage(free, { kind: 'write', writing: NEW }).writing, NEW);
  });

  it('does not begin to change a message that was deleted meanwhile', () => {
    const writing = { kind: 'reply', message: theirs } as const;
    const busy = nextPage(nextPage(page, { kind: 'write', writing }), edit);
    const message = { ...mine, body: { kind: 'deleted' } } as const;
    const gone = nextPage(busy, { kind: 'event', event: { kind: 'messageChanged', message } });
    const free = nextPage(gone, { kind: 'write', writing: NEW });
    assert.deepEqual([free.writing, free.returnedEdits], [NEW, []]);
  });
});
