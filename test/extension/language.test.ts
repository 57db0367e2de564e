import assert from 'node:assert/strict';
import { failure } from '../../src/contract/failure.ts';
import { failureIn, inOwnDirection, listIn } from '../../src/extension/language.ts';
import { english } from './people.ts';

const refused = failure('folderUnwritable', { path: '/home/sara', detail: 'ENXIO' });

describe('what went wrong, in the words of a language', () => {
  it('says the same as the log in English', () => {
    assert.match(failureIn(english, refused), /^Nothing can be saved in \/home\/sara \(ENXIO\)\./);
  });

  const persian = { t: inOwnDirection(english.t, 'fa'), locale: 'fa' };

  it('keeps paths and codes apart in a text that runs from right to left, and says numbers in its digits', () => {
    assert.match(failureIn(persian, refused), / \u2068\/home\/sara\u2069 \(\u2068ENXIO\u2069\)/);
    const unanswered = failure('connectionUnanswered', { name: 'Ali', seconds: 60 });
    assert.match(failureIn(persian, unanswered), /^\u2067\u2068Ali\u2069 did not answer in ۶۰ s/);
  });

  it('begins a sentence at its right end in a window that runs from left to right, and leaves letters alone as they are', () => {
    assert.equal(persian.t('{0} می‌خواهد متصل شود.', 'bob'), '\u2067\u2068bob\u2069 می‌خواهد متصل شود.\u2069');
    assert.equal(persian.t('۱ پیام'), '\u2067۱ پیام\u2069');
    assert.equal(persian.t('گشودن گفتگو'), 'گشودن گفتگو');
    assert.equal(persian.t('{0}: {1}', 'bob', 'hi'), '\u2068bob\u2069: \u2068hi\u2069');
    assert.equal(listIn(persian, ['همتا', 'متصل']), '\u2067همتا، متصل\u2069');
  });
});
