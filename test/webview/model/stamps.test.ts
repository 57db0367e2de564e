import assert from 'node:assert/strict';
import { stampAfter } from '../../../webview/model/stamps.ts';

describe('a stamp on what is written', () => {
  it('bears the name of its page in all its lives', () => {
    const first = stampAfter({ page: 'p', at: 0 }, 7);
    assert.deepEqual(first, { page: 'p', at: 7 });
    assert.deepEqual(stampAfter(first, 9), { page: 'p', at: 9 });
  });

  it('is later than the one before, whatever the clock says', () => {
    const first = { page: 'p', at: 7 };
    assert.deepEqual(stampAfter(first, 7), { page: 'p', at: 8 });
    assert.deepEqual(stampAfter(first, 3), { page: 'p', at: 8 });
  });
});
