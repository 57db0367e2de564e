import assert from 'node:assert/strict';
import { EditorFailure } from '../../src/extension/editorFailure.ts';

describe('what the editor could not do', () => {
  it('is said in its own direction, and written to the log as letters alone', () => {
    const failed = new EditorFailure('\u2067\u2068a.png\u2069 ذخیره نشد.\u2069', undefined);
    assert.equal(failed.text, '\u2067\u2068a.png\u2069 ذخیره نشد.\u2069');
    assert.equal(failed.message, 'a.png ذخیره نشد.');
  });
});
