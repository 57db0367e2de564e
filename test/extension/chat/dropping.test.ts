import assert from 'node:assert/strict';
import { isNamedLikePicture } from '../../../src/extension/chat/pictureNames.ts';
import { urisOf } from '../../../src/extension/chat/uriList.ts';

describe('what is dropped', () => {
  it('is read line by line, without comments', () => {
    const list = '# from the Explorer\r\nfile:///a.png\r\n\r\nvscode-remote://ssh/b.png';
    assert.deepEqual(urisOf(list), ['file:///a.png', 'vscode-remote://ssh/b.png']);
  });

  it('is at most fifty things at once', () => {
    assert.equal(urisOf('file:///a\n'.repeat(1_000)).length, 50);
  });

  it('is sent as a picture when it is called like one', () => {
    const names = ['a.png', 'B.JPEG', 'no-ending', 'a.png.txt', '.png/x', 'a.svg'];
    assert.deepEqual(names.map(isNamedLikePicture), [true, true, false, false, false, false]);
  });
});
