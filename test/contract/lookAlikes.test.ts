import assert from 'node:assert/strict';
import { looksOf } from '../../src/contract/lookAlikes.ts';
import { sameNameKey } from '../../src/contract/names.ts';

/** A name, and others that a person would take for it. */
const PAIRS: readonly (readonly [name: string, ...alike: string[]])[] = [
  ['bdghjkm', 'вԁɡнјкм', 'βdgηϳκμ', 'ьdghjkm'],
  ['quvwxyz3', 'ԛսѵԝхуζз', 'quvωχυz3'],
  ['josé', 'јоѕé', 'jοsέ', 'jose\u0301'],
  ['aceops', 'асеорѕ', 'αϲεορs', 'ɑceοps'],
  ['lint', '1іνт', 'iint', '|ιντ', 'ӏint', 'اint'],
  ["o'neil-x", '0’neil‐x', 'о‘nеil–x', 'օʼneil−x', 'o´neil—x'],
  ['ه', 'ة', 'ہ', 'ھ', 'ە'],
  ['علی', 'على', 'علـــی'],
];

describe('names that look alike', () => {
  for (const [name, ...alike] of PAIRS)
    it(`have one look: ${name}`, () => {
      for (const other of alike) assert.equal(looksOf(other), looksOf(name), other);
    });

  it('have a look that looks like itself', () => {
    for (const [name, ...alike] of PAIRS)
      for (const one of [name, ...alike]) assert.equal(looksOf(looksOf(one)), looksOf(one), one);
  });

  it('differ where a person sees it', () => {
    const looks = ['sara', 'zara', 'سارا', 'دارا', '李雷', 'josé', 'jose', 'a b'].map(looksOf);
    assert.equal(new Set(looks).size, looks.length);
  });
});

describe('names that are one name', () => {
  it('are so however often a letter of another keyboard stands in them', () => {
    for (const [name, ...same] of [
      ['یکی یکدانه', 'يكي يكدانه'],
      ['رضا ۱۲۳', 'رضا ١٢٣', 'رضا 123'],
      ['Σίσυφος', 'ΣΊΣΥΦΟΣ', 'σίσυφοσ'],
    ])
      for (const other of same) assert.equal(sameNameKey(other), sameNameKey(name ?? ''), other);
  });
});
