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

  it('is nothing where nobody is known', () => {
    assert.equal(nameInText(undefined), '');
  });
});
