import assert from 'node:assert/strict';
import { isolated, isolatedBeside } from '../../src/extension/bidi.ts';

describe('names that run from right to left', () => {
  it('stand on their own between other words', () => {
    assert.equal(isolated('سارا'), '\u2068سارا\u2069');
    assert.equal(isolated('bob'), 'bob');
  });

  it('do not draw the number beside them to the wrong side', () => {
    assert.equal(isolatedBeside('سارا', '3 unread'), '\u20683 unread\u2069');
    assert.equal(isolatedBeside('bob', '3 unread'), '3 unread');
    assert.equal(isolatedBeside('سارا', ''), '');
  });
});
