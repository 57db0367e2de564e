import assert from 'node:assert/strict';
import { AS_PICTURE } from '../../../src/extension/chat/sendAs.ts';
import { urisOf } from '../../../src/extension/chat/uriList.ts';

describe('what is dropped', () => {
  it('is read line by line, without comments', () => {
    const list = '# from the Explorer\r\nfile:///a.png\r\n\r\nvscode-remote://ssh/b.png';
    assert.deepEqual(urisOf(list), ['file:///a.png', 'vscode-remote://ssh/b.png']);
  });

  it('is all of it, however much', () => {
    const uris = Array.from({ length: 1_000 }, (_, index) => `file:///${index}.png`);
    assert.deepEqual(urisOf(uris.join('\r\n')), uris);
  });

  it('is sent as what the engine finds it is, unless somebody has said as what', () => {
    assert.deepEqual(AS_PICTURE, { whatItIs: 'ifItIsOne', picture: true, file: false });
  });
});
