import assert from 'node:assert/strict';
import { MAX_EXCERPT_LENGTH } from '../../../src/contract/message.ts';
import { soughtWords } from '../../../src/engine/store/searchText.ts';
import { excerptAround } from '../../../src/engine/windows/excerpt.ts';

const around = (text: string, query: string) => excerptAround(text, soughtWords(query));

describe('the excerpt of what a search has found', () => {
  it('is the whole of a short text', () => {
    assert.equal(around('the cat sat', 'cat'), 'the cat sat');
  });

  it('is the part around the first word, in the letters that were written', () => {
    const text = `${'lorem ipsum '.repeat(50)}die Größe zählt ${'dolor sit '.repeat(50)}`;
    const excerpt = around(text, 'GROSSE');
    assert.match(excerpt, /^…ipsum .*die Größe zählt dolor .*…$/);
    assert.ok(excerpt.length <= MAX_EXCERPT_LENGTH + 2);
  });

  it('prefers the beginning of a word', () => {
    const text = `concatenate ${'x '.repeat(200)}cat ${'y '.repeat(200)}`;
    assert.match(around(text, 'cat'), / cat /);
  });

  it('cuts no character in half', () => {
    const text = `${'😀'.repeat(200)} cat ${'😀'.repeat(200)}`;
    assert.ok(around(text, 'cat').isWellFormed());
    assert.ok(around(`x${text}`, 'cat').isWellFormed());
  });

  it('is the beginning where the word is not seen as such', () => {
    assert.equal(around('a'.repeat(300), 'zebra'), `${'a'.repeat(MAX_EXCERPT_LENGTH)}…`);
  });
});
