import assert from 'node:assert/strict';
import { failure, failureText } from '../../../src/contract/failure.ts';
import { ENGLISH, failureWords, speak, t, wordsIn } from '../../../webview/model/words.ts';

const UNANSWERED = '{0} did not answer in {1} s. You can ask again.';
const persian = wordsIn(JSON.stringify({ '{0} of {1}': '{1} ← {0}', [UNANSWERED]: '{0} تا {1} ثانیه' }), {
  dir: 'rtl',
  lang: 'fa',
});
const unanswered = failure('connectionUnanswered', { name: 'bob', seconds: 60 });

describe("the page's words", () => {
  afterEach(() => speak(ENGLISH));

  it('are English until the page was given others, with their values in place', () => {
    assert.equal(t('{0} of {1}', 2, '10'), '2 of 10');
  });

  it('are those that the page was given, which may put the values elsewhere', () => {
    speak(persian);
    assert.equal(t('{0} of {1}', 2, '10'), '10 ← 2');
  });

  it('are English where a translation is missing', () => {
    speak(persian);
    assert.equal(t('Edit'), 'Edit');
    assert.equal(t('toString'), 'toString');
  });

  it('leave a value as it is, whatever it looks like', () => {
    assert.equal(t('{0} of {1}', '{1}', '$&'), '{1} of $&');
  });

  it('are English where nothing was handed over, or no table', () => {
    for (const json of [undefined, '', '1', 'null'])
      assert.deepEqual(wordsIn(json, { dir: 'rtl', lang: 'fa' }), ENGLISH);
  });

  it('say what went wrong, names apart where the words run from right to left, and numbers in their digits', () => {
    assert.equal(failureWords(unanswered), failureText(unanswered));
    speak(persian);
    assert.equal(failureWords(unanswered), '\u2068bob\u2069 تا ۶۰ ثانیه');
  });
});
