// The two keys under which a name is kept: one for order and search, one so that no two names look the same.

import { looksOf } from './lookAlikes.ts';

export interface NameKeys {
  /** The name without case and spelling variants; the directory is in the order of its UTF-8 bytes. */
  readonly sortKey: string;
  /** The name as it looks. One skeleton belongs to one public key. Names with one sortKey have one skeleton. */
  readonly skeleton: string;
}

/** 64 characters of any script fit; a name of ligatures that each spell out a sentence does not. */
const MAX_SORT_KEY_BYTES = 384;

const UNSEEN = /[\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/gu;

/** One letter with two code points, by the keyboard it was typed on: Arabic yeh and kaf in Persian, the final sigma. */
const ONE_LETTER: Readonly<Record<string, string>> = { ي: 'ی', ك: 'ک', ς: 'σ' };

/** The keys of a tidy name, or undefined when its sortKey is empty or too long. */
export function nameKeysOf(name: string): NameKeys | undefined {
  const sortKey = sortKeyOf(name);
  if (sortKey === '' || !isSortKeySize(sortKey)) return undefined;
  return { sortKey, skeleton: skeletonOf(sortKey) };
}

/** Case and compatibility variants folded, what cannot be seen left out. Total; holds no U+10FFFF and no control character of a tidy name. */
export function sortKeyOf(text: string): string {
  // Up and down again folds what lower case alone keeps apart: the German sharp s, the dotless i.
  const folded = text.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC').replace(UNSEEN, '');
  return folded.replace(/[يكς]/g, (letter) => ONE_LETTER[letter] ?? letter).replace(/[٠-٩۰-۹]/g, asciiDigit);
}

export function skeletonOf(sortKey: string): string {
  return looksOf(sortKey);
}

export function isSortKeySize(text: string): boolean {
  return Buffer.byteLength(text) <= MAX_SORT_KEY_BYTES;
}

/** Both Arabic rows of digits start at a multiple of sixteen. */
function asciiDigit(digit: string): string {
  return String(digit.charCodeAt(0) & 0x0f);
}
