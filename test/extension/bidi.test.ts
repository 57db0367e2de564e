import assert from 'node:assert/strict';
import { isolated, isolatedBeside, isolatedParts } from '../../src/extension/bidi.ts';

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

  it('keep their own numbers beside a name that runs the other way', () => {
    assert.equal(isolatedBeside('bob', '۸ دقیقه'), '\u2068۸ دقیقه\u2069');
  });

  it('stay in the order in which they were put', () => {
    assert.equal(
      isolatedParts(['۷۸ مگابایت', '۱ ثانیه'], '  '),
      '\u2068۷۸ مگابایت\u2069  \u2068۱ ثانیه\u2069',
    );
    assert.equal(isolatedParts(['3 unread', 'LAN'], ' · '), '3 unread · LAN');
  });
});
