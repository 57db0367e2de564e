import assert from 'node:assert/strict';
import { plainText } from '../../src/extension/plainText.ts';

describe('plain text', () => {
  it('leaves no link and no icon in what other people wrote', () => {
    assert.equal(plainText('[see](command:hamta.signOut)'), '[see] (command:hamta.signOut)');
    assert.equal(plainText('$(sync~spin) bob'), '$ (sync~spin) bob');
  });

  it('is one line, cut by whole characters', () => {
    assert.equal(plainText('a\r\n\tb\u2028c'), 'a b c');
    assert.equal(plainText('👩🏽‍💻'.repeat(3), 4).length <= 8, true);
    assert.equal(plainText('x'.repeat(500), 5), 'xxxx…');
  });
});
