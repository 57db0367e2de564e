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

  it('is the part around a word whose parts are joined, however it is asked for', () => {
    const between = (words: string) => `${'یک متن '.repeat(100)}${words} ${'باز هم '.repeat(100)}`;
    for (const query of ['مینوشته', 'می‌نوشته‌اند', 'می نوشته', 'نوشته'])
      assert.match(around(between('می‌نوشته‌اند'), query), /می‌نوشته‌اند/, query);
    assert.match(around(between('می نوشته اند'), 'می‌نوشته‌اند'), /می نوشته اند/);
  });

  it('is the part around whichever of several words comes first', () => {
    const text = `${'x '.repeat(200)}dog ${'y '.repeat(200)}cat ${'z '.repeat(200)}`;
    assert.match(around(text, 'cat dog'), / dog y/);
    assert.match(around(`${'x '.repeat(200)}bobcat ${'y '.repeat(200)}wildcats`, 'cat'), / bobcat y/);
  });

  it('has all the room there is where the word stands at the end', () => {
    const excerpt = around(`${'lorem ipsum '.repeat(50)}cat`, 'cat');
    assert.match(excerpt, /^….* ipsum cat$/);
    assert.ok(excerpt.length > MAX_EXCERPT_LENGTH - 12, excerpt);
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

  it('is the part around a word that stands far behind', () => {
    const text = `${'lorem ipsum '.repeat(2_000)}die Größe zählt ${'dolor sit '.repeat(500)}`;
    assert.match(around(text, 'grosse'), /^….*ipsum die Größe zählt dolor .*…$/);
  });

  it('is the part around a word wherever a piece of the text ends', () => {
    for (let before = 200; before < 600; before++)
      assert.match(around(`${'.'.repeat(before)} میروم ${'x '.repeat(200)}`, 'می‌روم'), / میروم /);
  });

  it('is the part around a character of a script without spaces', () => {
    assert.match(around(`${'日'.repeat(1_000)}本${'語'.repeat(1_000)}`, '本'), /^…日{60}本語+…$/);
  });

  it('is the beginning where the word stands behind much that each character stands for', () => {
    const text = `${'\uFDFA '.repeat(16_000)}zebra`;
    assert.match(around(text, 'zebra'), /^(?:\uFDFA )+…$/);
    assert.match(around(text.slice(-2_000), 'zebra'), /zebra$/);
  });
});
