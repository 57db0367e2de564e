import assert from 'node:assert/strict';
import { stampAfter } from '../../../webview/model/stamps.ts';

describe('a stamp on what is written', () => {
  it('bears the name of its page in all its lives', () => {
    const first = stampAfter(undefined, 'p', 7);
    assert.deepEqual(first, { page: 'p', at: 7 });
    assert.deepEqual(stampAfter(first, 'q', 9), { page: 'p', at: 9 });
  });

  it('is later than the one before, whatever the clock says', () => {
    const first = stampAfter(undefined, 'p', 7);
    assert.deepEqual(stampAfter(first, 'p', 7), { page: 'p', at: 8 });
    assert.deepEqual(stampAfter(first, 'p', 3), { page: 'p', at: 8 });
  });
});
