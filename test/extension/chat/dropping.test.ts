import assert from 'node:assert/strict';
import { AS_PICTURE } from '../../../src/extension/chat/sendAs.ts';
import { urisOf } from '../../../src/extension/chat/uriList.ts';

describe('what is dropped', () => {
  it('is read line by line, without comments', () => {
    const list = '# from the Explorer\r\nfile:///a.png\r\n\r\nvscode-remote://ssh/b.png';
    assert.deepEqual(urisOf(list), ['file:///a.png', 'vscode-remote://ssh/b.png']);
  });

  it('is at most fifty things at once', () => {
    assert.equal(urisOf('file:///a\n'.repeat(1_000)).length, 50);
  });

  it('is sent as what the engine finds it is, unless somebody has said as what', () => {
    assert.deepEqual(AS_PICTURE, { whatItIs: 'ifItIsOne', picture: true, file: false });
  });
});
