import assert from 'node:assert/strict';
import { findKeys, isFind, letterOf } from '../../../webview/model/shortcuts.ts';

const pressed = (key: string, code: string, more = {}) => ({
  ...{ key, code, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false },
  ...more,
});

describe('a letter pressed with Ctrl or Cmd', () => {
  it('is the one that the layout has there', () => {
    assert.deepEqual(
      [letterOf(pressed('f', 'KeyF')), letterOf(pressed('F', 'KeyF')), letterOf(pressed('u', 'KeyF'))],
      ['f', 'f', 'u'],
    );
  });

  it('is that of a US keyboard where the layout has no Latin letters', () => {
    assert.deepEqual(
      [letterOf(pressed('ب', 'KeyF')), letterOf(pressed('ر', 'KeyV')), letterOf(pressed('а', 'KeyF'))],
      ['f', 'v', 'f'],
    );
  });

  it('searches as Ctrl+F, whatever the layout, and with no other key held', () => {
    assert.ok(isFind(pressed('f', 'KeyF', { ctrlKey: true }), false));
    assert.ok(isFind(pressed('ب', 'KeyF', { ctrlKey: true }), false));
    for (const other of [{ shiftKey: true }, { altKey: true }, { ctrlKey: false }])
      assert.ok(!isFind(pressed('f', 'KeyF', { ctrlKey: true, ...other }), false));
  });

  it('searches on macOS as Cmd+F, and leaves Ctrl+F to the field, where it moves the cursor', () => {
    assert.ok(isFind(pressed('f', 'KeyF', { metaKey: true }), true));
    assert.ok(!isFind(pressed('f', 'KeyF', { ctrlKey: true }), true));
  });

  it('is named as it is pressed on either keyboard', () => {
    assert.deepEqual([findKeys(false), findKeys(true)], ['Ctrl+F', 'Cmd+F']);
  });
});
