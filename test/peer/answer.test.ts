import assert from 'node:assert/strict';
import { answerTo, welcome } from '../../src/peer/answer.ts';

describe('the demo peer answers', () => {
  it('a greeting with a greeting, in the language it came in', () => {
    for (const text of ['hello', 'Hi!', ' good morning '])
      assert.match(answerTo(text).text, /^Hello\. .*"help"/);
    for (const text of ['سلام', 'سلام، حال شما؟', 'درود!'])
      assert.match(answerTo(text).text, /^سلام\. .*«کمک»/);
  });

  it('"help" with what it can do, and "کمک" too', () => {
    assert.match(answerTo('Help?').text, /"picture"/);
    assert.match(answerTo('کمک').text, /«عکس»/);
    assert.equal(answerTo('?').text, answerTo('help').text);
  });

  it('a wish for a picture with one, and nothing else with one', () => {
    for (const text of ['picture', 'Send me a photo.', 'عکس']) assert.equal(answerTo(text).withPicture, true);
    for (const text of ['hello', 'pictures of cats', 'help']) assert.equal(answerTo(text).withPicture, false);
  });

  it('a wish for code with code', () => {
    assert.match(answerTo('code').text, /```ts\n.*\n```$/);
  });

  it('anything else with its words the other way round', () => {
    assert.equal(
      answerTo('one two  three').text,
      'You wrote “one two  three”. The other way round: “three two one”.',
    );
    assert.equal(answerTo('این یک متن').text, 'نوشتید «این یک متن». برعکسش می‌شود «متن یک این».');
  });

  it('one word with its letters the other way round, those of several code points whole', () => {
    assert.equal(
      answerTo('ae\u0301👩‍💻').text,
      'You wrote “ae\u0301👩‍💻”. The other way round: “👩‍💻e\u0301a”.',
    );
  });

  it('a long text with a count, at once', () => {
    const text = `${'word! '.repeat(5_000)}${'!'.repeat(2_000)}x`;
    assert.equal(
      answerTo(text).text,
      'That was long: 5001 words, 32001 characters, and all of them arrived.',
    );
  });

  it('everybody new in both languages', () => {
    assert.match(welcome(), /"help".*\n.*«کمک»/);
  });
});
