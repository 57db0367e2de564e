// What a search compares: the same word, however it was written.

import assert from 'node:assert/strict';
import { MAX_WORD_LENGTH, searchWords } from '../../src/contract/searchWords.ts';

const wordsOf = (text: string) => searchWords(text).map(({ joined }) => joined);

/** Each line is one word, as several keyboards and habits write it. */
const SAME: readonly (readonly [what: string, ...written: readonly string[]])[] = [
  ['yeh', 'یار', 'يار', 'ىار', 'ئار'],
  ['kaf', 'کتاب', 'كتاب'],
  ['heh', 'خانه', 'خانة', 'خانۀ', 'خانهٔ', 'خانۀ'.normalize('NFD')],
  ['alef', 'ایران', 'أیران', 'إیران', 'ٱیران', 'آیران', 'ا\u0653یران'],
  ['vav', 'مومن', 'مؤمن', 'مو\u0654من'],
  ['vowels', 'محمد', 'مُحَمَّد', 'محـــمد'],
  ['forms of presentation', 'سلام', 'ﺳﻼﻡ', 'ﺳلاﻡ'],
  ['digits', '1234', '۱۲۳۴', '١٢٣٤', '１２３４', '①②③④'],
  ['case', 'größe', 'GRÖSSE', 'Grosse', 'gro\u0308ße', 'GRÖẞE'],
  ['accents', 'café', 'CAFE\u0301', 'cafe'],
  ['sigma', 'σίσυφος', 'ΣΙΣΥΦΟΣ', 'σισυφοσ'],
  ['a stroke through o', 'soren', 'Søren', 'SØREN'],
  ['a stroke through l', 'lodz', 'Łódź', 'ŁÓDŹ'],
  ['a stroke through d', 'dokovic', 'Đoković'],
  ['a dot that is not there', 'diyarbakir', 'Diyarbakır', 'DİYARBAKIR'],
  ['capitals of Turkish', 'istanbul', 'İstanbul'],
  ['points of Hebrew', 'שלום', 'שָׁלוֹם'],
  ['ligatures and wide letters', 'finance', 'ﬁnance', 'ｆｉｎａｎｃｅ'],
  [
    'soft hyphens and marks of direction',
    'cat',
    'c\u00ADat',
    '\u200Fcat\u200E',
    '\u2067c\uFEFFat\u2069',
    'ca\u2060t',
  ],
];

describe('the words that a search compares', () => {
  for (const [what, ...written] of SAME) {
    it(`are the same whatever they are written with: ${what}`, () => {
      const [first] = written.map(wordsOf);
      assert.equal(first?.length, 1);
      for (const other of written) assert.deepEqual(wordsOf(other), first, other);
    });
  }

  it('are letters and digits, and what stands between them divides them', () => {
    const code = 'if (a_b?.getX("c-d") !== 0x1F) { // don’t\n\treturn 3.14; }';
    assert.deepEqual(wordsOf(code), 'if a b getx c d 0x1f don t return 3 14'.split(' '));
    assert.deepEqual(wordsOf('سلام،خوبی؟ «بله»؛\u061Cآری'), ['سلام', 'خوبی', 'بله', 'اری']);
    assert.deepEqual(wordsOf('👩‍💻 ❤️ 🇮🇷 \u200C \u200D — …'), []);
  });

  it('are the parts of one with joiners, and all of it', () => {
    for (const joiner of ['\u200C', '\u200D'])
      assert.deepEqual(searchWords(`${joiner}می${joiner}خواهم${joiner}${joiner}ها${joiner}`), [
        { parts: ['می', 'خواهم', 'ها'], joined: 'میخواهمها' },
      ]);
    assert.deepEqual(searchWords('کتاب'), [{ parts: ['کتاب'], joined: 'کتاب' }]);
  });

  it('are single characters in scripts without spaces, beside words of others', () => {
    assert.deepEqual(wordsOf('東京タワーabc한국어'), [
      '東',
      '京',
      'タ',
      'ワ',
      'ー',
      'abc한국어'.normalize('NFKD'),
    ]);
  });

  it('have a bounded length, and no half of a character at the end of it', () => {
    const long = 'x'.repeat(MAX_WORD_LENGTH);
    assert.deepEqual(searchWords(`${long}y`), [{ parts: [long], joined: long }]);
    assert.deepEqual(wordsOf(`${long}`), [long]);
    const [cut] = wordsOf(`${long.slice(1)}𐌰𐌰`);
    assert.ok(cut?.isWellFormed());
    assert.deepEqual(searchWords(`${long}\u200C${long}`), [{ parts: [long, long], joined: long }]);
  });
});
