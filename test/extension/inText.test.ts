import assert from 'node:assert/strict';
import { inText, nameInText } from '../../src/extension/inText.ts';

describe('what others have called themselves, in a text of the editor', () => {
  it('can make no link and no icon', () => {
    assert.equal(inText('[sara](command:hamta.signOut) $(bell)'), '[sara] (command:hamta.signOut) $ (bell)');
  });

  it('stands on its own where it runs from right to left', () => {
    assert.equal(nameInText({ name: 'سارا' }), '\u2068سارا\u2069');
    assert.equal(nameInText({ name: 'sara' }), 'sara');
  });

  it('turns no word around that stands behind it', () => {
    assert.equal(inText('see \u202etxt.exe\u2067 a]\u202c(b'), 'see txt.exe a] (b');
    assert.equal(inText('سلام\u2069 \u202etxt'), '\u2068سلام txt\u2069');
  });

  it('is nothing where nobody is known', () => {
    assert.equal(nameInText(undefined), '');
  });
});
