import assert from 'node:assert/strict';
import { MAX_TEXT_LENGTH } from '../../../src/contract/message.ts';
import { composingOf } from '../../../webview/model/composing.ts';
import { formatOf } from '../../../webview/model/format.ts';

const format = formatOf('en');

describe('composing', () => {
  it('sends nothing that is only space', () => {
    for (const draft of ['', '  ', '\n\t\n']) assert.equal(composingOf(draft, false, format).canSend, false);
  });

  it('drops empty lines around the text and keeps the indentation of its first line', () => {
    assert.equal(composingOf('\n \n  if (a)\n    b\n\n ', false, format).text, '  if (a)\n    b');
  });

  it('sends a text of the full length and explains a longer one', () => {
    assert.equal(composingOf('x'.repeat(MAX_TEXT_LENGTH), false, format).canSend, true);
    const { canSend, hint } = composingOf('x'.repeat(MAX_TEXT_LENGTH + 1200), false, format);
    assert.equal(canSend, false);
    assert.equal(
      hint,
      '1,200 characters too long for one message (32,768 at most). Shorten it, or send it as a file.',
    );
  });

  it('keeps the text and says why while the engine is away', () => {
    const { canSend, hint } = composingOf('hello', true, format);
    assert.equal(canSend, false);
    assert.match(hint ?? '', /starting again/);
    assert.equal(composingOf('', true, format).hint, undefined);
  });

  it('can wait for the engine with what could be sent if it were there, and says that it does', () => {
    const { canSend, canWait, hint } = composingOf('hello', true, format, true);
    assert.deepEqual([canSend, canWait], [false, true]);
    assert.match(hint ?? '', /This goes in a moment, unless you change it/);
    assert.match(composingOf('hello', true, format).hint ?? '', /What you send goes/);
    for (const draft of ['', ' ', 'x'.repeat(MAX_TEXT_LENGTH + 1)])
      assert.equal(composingOf(draft, true, format).canWait, false);
  });

  it('has nothing to wait for while the engine is there', () => {
    const { canSend, canWait, hint } = composingOf('hello', false, format, true);
    assert.deepEqual([canSend, canWait, hint], [true, false, undefined]);
  });
});
