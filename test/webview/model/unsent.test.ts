import assert from 'node:assert/strict';
import { MAX_UNSENT_LENGTH } from '../../../src/contract/panel.ts';
import { nextPage } from '../../../webview/model/page.ts';
import { EMPTY_PAGE } from '../../../webview/model/pageState.ts';
import { unsentOf } from '../../../webview/model/unsent.ts';
import { bob, messageAt, showing, stateOf } from '../support/conversation.ts';

const [theirs, mine] = [messageAt(1, 'peer'), messageAt(2, 'me')];
const page = nextPage(EMPTY_PAGE, showing(stateOf(bob(), [theirs, mine])));
const answering = nextPage(page, { kind: 'write', writing: { kind: 'reply', message: theirs } });
const changing = nextPage(page, { kind: 'write', writing: { kind: 'edit', message: mine } });

describe('what is written and not sent', () => {
  it('is the draft, with what it answers', () => {
    assert.deepEqual(unsentOf(page, 'hi', undefined), [{ text: 'hi' }]);
    assert.deepEqual(unsentOf(answering, 'hi', undefined), [{ text: 'hi', replyTo: theirs.id }]);
  });

  it('is nothing where nothing is written', () => {
    assert.deepEqual(unsentOf(page, ' \n', undefined), []);
    assert.deepEqual(unsentOf(answering, '', undefined), []);
  });

  it('is a change beside the draft that waits for its end, once it says something else', () => {
    assert.deepEqual(unsentOf(changing, 'later', undefined), [{ text: 'later' }]);
    assert.deepEqual(unsentOf(changing, 'later', { order: mine.order, text: 'other' }), [
      { text: 'later' },
      { text: 'other', editOf: mine.id },
    ]);
  });

  it('is no text that nobody keeps, however it came there', () => {
    assert.deepEqual(unsentOf(page, 'x'.repeat(MAX_UNSENT_LENGTH + 1), undefined), []);
  });

  it('takes the place of what the editor has kept, also where it is nothing', () => {
    const shown = showing(stateOf(bob(), [theirs, mine]));
    assert.ok(shown.kind === 'show');
    const next = nextPage(EMPTY_PAGE, { ...shown, unsent: [{ text: 'hi', replyTo: theirs.id }] });
    assert.deepEqual([next.isReplaced, next.returnedDraft], [true, 'hi']);
    assert.deepEqual(next.writing, { kind: 'reply', message: theirs });
    assert.equal(nextPage(EMPTY_PAGE, { ...shown, unsent: [] }).isReplaced, true);
    assert.equal(page.isReplaced, false);
  });

  it('is the same again when it is given back to another page', () => {
    const texts = unsentOf(changing, 'later', { order: mine.order, text: 'other' });
    const next = nextPage(page, { kind: 'returned', texts });
    assert.equal(next.returnedDraft, 'later');
    assert.deepEqual(next.writing, { kind: 'edit', message: mine, text: 'other' });
    assert.deepEqual(unsentOf(next, next.returnedDraft ?? '', undefined), texts);
  });
});
