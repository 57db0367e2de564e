// What is said of pictures before they are shared.

import assert from 'node:assert/strict';
import { inEnglish } from '../../../src/contract/failure.ts';
import { pictureHint } from '../../../src/extension/shared/pictureHint.ts';

describe('before files are shared', () => {
  const hint = (...paths: string[]) => pictureHint(paths, inEnglish);

  it('nothing is said of those that are no pictures', () => {
    assert.equal(hint('/a/notes.md', '/a/png', '/a/b.png/c'), undefined);
  });

  it('it is said that pictures go without what they say of place and camera', () => {
    assert.equal(hint('/a/notes.md', '/a/IMG 1.JPG'), 'Pictures go without location and camera data');
  });

  it('it is said of which pictures nobody can take that out, whatever else is shared with them', () => {
    const kept = 'TIFF, BMP, AVIF and HEIC pictures go as they are, and may say where they were taken';
    for (const name of ['a.tif', 'a.TIFF', 'a.bmp', 'a.avif', 'a.HEIC'])
      assert.equal(hint('b.jpg', name), kept);
  });
});
