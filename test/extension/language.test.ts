import assert from 'node:assert/strict';
import { failure } from '../../src/contract/failure.ts';
import { failureIn } from '../../src/extension/language.ts';
import { english } from './people.ts';

const refused = failure('folderUnwritable', { path: '/home/sara', detail: 'ENXIO' });

describe('what went wrong, in the words of a language', () => {
  it('says the same as the log in English', () => {
    assert.match(failureIn(english, refused), /^Nothing can be saved in \/home\/sara \(ENXIO\)\./);
  });

  it('keeps paths and codes apart in a text that runs from right to left, and says numbers in its digits', () => {
    const persian = { ...english, locale: 'fa' };
    assert.match(failureIn(persian, refused), / \u2068\/home\/sara\u2069 \(\u2068ENXIO\u2069\)/);
    const unanswered = failure('connectionUnanswered', { name: 'Ali', seconds: 60 });
    assert.match(failureIn(persian, unanswered), /^\u2068Ali\u2069 did not answer in ۶۰ s/);
  });
});
