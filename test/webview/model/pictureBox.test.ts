import assert from 'node:assert/strict';
import { pictureBox } from '../../../webview/model/pictureBox.ts';

describe('pictureBox', () => {
  it('fits the longer side into 360 pixels and keeps the shape', () => {
    assert.deepEqual(pictureBox(1920, 1080), { width: 360, height: 203 });
    assert.deepEqual(pictureBox(1080, 1920), { width: 203, height: 360 });
  });

  it('does not enlarge a small picture', () => {
    assert.deepEqual(pictureBox(64, 48), { width: 64, height: 48 });
  });

  it('leaves room to see and click a sliver', () => {
    assert.deepEqual(pictureBox(1, 100_000), { width: 24, height: 360 });
    assert.deepEqual(pictureBox(1, 1), { width: 24, height: 24 });
  });
});
