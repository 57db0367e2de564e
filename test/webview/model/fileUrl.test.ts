import assert from 'node:assert/strict';
import { fileUrl } from '../../../webview/model/fileUrl.ts';

const BASE = 'https://file+.vscode-resource.vscode-cdn.net';

describe('fileUrl', () => {
  it('keeps the folders of a POSIX path and encodes each name', () => {
    assert.equal(fileUrl(BASE, '/home/sara/a b#1?.png'), `${BASE}/home/sara/a%20b%231%3F.png`);
    assert.equal(fileUrl(BASE, '/tmp/عکس.png'), `${BASE}/tmp/%D8%B9%DA%A9%D8%B3.png`);
    assert.equal(fileUrl(BASE, '/tmp/100%.png'), `${BASE}/tmp/100%25.png`);
  });

  it('takes a backslash in a POSIX path for a letter', () => {
    assert.equal(fileUrl(BASE, '/tmp/a\\b.png'), `${BASE}/tmp/a%5Cb.png`);
  });

  it('writes a Windows path with a small drive letter and slashes, as the editor does', () => {
    assert.equal(fileUrl(BASE, 'C:\\Users\\Sara\\a b.png'), `${BASE}/c%3A/Users/Sara/a%20b.png`);
    assert.equal(fileUrl(BASE, 'd:/pictures/a.png'), `${BASE}/d%3A/pictures/a.png`);
  });

  it('puts exactly one slash after the base', () => {
    assert.equal(fileUrl(`${BASE}/`, '/a.png'), `${BASE}/a.png`);
  });

  it('has no address for relative paths, network shares and half characters', () => {
    for (const path of [
      '',
      'a.png',
      '../a.png',
      'C:a.png',
      '\\\\server\\share\\a.png',
      '//server/a.png',
      '/\ud800.png',
    ])
      assert.equal(fileUrl(BASE, path), undefined);
  });
});
