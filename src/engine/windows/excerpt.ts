// The part of a text that shows why a search has found it.

import { MAX_EXCERPT_LENGTH, MAX_TEXT_LENGTH } from '../../contract/message.ts';
import { foldedText } from '../../contract/searchWords.ts';
import type { SoughtWord } from '../store/searchText.ts';

/** UTF-16 units before the first word that was found. */
const BEFORE = 60;
/** What is folded at once, up to the end of a word unless that is far away: as much as is cheap to look at character by character. */
const PIECE = /[\s\S]{1,256}\S{0,64}/gu;
/** UTF-16 units of folded text in which words are looked for. A bound against texts of characters that stand for up to 18 letters. */
const MAX_FOLDED = 2 * MAX_TEXT_LENGTH;

/** At most MAX_EXCERPT_LENGTH units and the signs of what was left out; the beginning where no word is found. */
export function excerptAround(text: string, sought: readonly SoughtWord[]): string {
  const at = placeOf(text, sought);
  const from = Math.max(0, Math.min(at - BEFORE, text.length - MAX_EXCERPT_LENGTH));
  const start = from === 0 ? 0 : (firstWordFrom(text, from, at) ?? from);
  const end = Math.min(text.length, start + MAX_EXCERPT_LENGTH);
  const middle = withoutHalves(text.slice(start, end));
  return `${start > 0 ? '…' : ''}${middle}${end < text.length ? '…' : ''}`;
}

/**
 * Where the first of the words begins, rather at the beginning of a word than inside one. A text is folded piece by piece, and
 * not beyond the piece in which that is.
 */
function placeOf(text: string, sought: readonly SoughtWord[]): number {
  const words = [...new Set(sought.flatMap(({ parts, joined }) => [...parts, joined]))];
  // Words are letters and digits alone (searchWords.ts): none means something else in a pattern.
  const beginning = new RegExp(`(?<![\\p{L}\\p{N}])(?:${words.join('|')})`, 'u');
  const anywhere = new RegExp(words.join('|'), 'u');
  let inside: number | undefined;
  let folded = 0;
  for (const { 0: piece, index } of text.matchAll(PIECE)) {
    const compared = comparable(piece);
    const start = compared.search(beginning);
    if (start >= 0) return index + placeIn(piece, start);
    if (inside === undefined && anywhere.test(compared))
      inside = index + placeIn(piece, compared.search(anywhere));
    folded += compared.length;
    if (folded > MAX_FOLDED) break;
  }
  return inside ?? 0;
}

/** Of the unit at `at` in the comparable form. Folding changes lengths, so it is done character by character. */
function placeIn(piece: string, at: number): number {
  let folded = 0;
  let place = 0;
  for (const character of piece) {
    folded += comparable(character).length;
    if (folded > at) return place;
    place += character.length;
  }
  return 0;
}

function comparable(text: string): string {
  return foldedText(text).replace(/[\u200C\u200D]/gu, '');
}

function firstWordFrom(text: string, from: number, upTo: number): number | undefined {
  const gap = text.slice(from, upTo).search(/\s\S/u);
  return gap < 0 ? undefined : from + gap + 1;
}

/** A slice may begin or end in the middle of a character. */
function withoutHalves(text: string): string {
  return text.replace(/^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/g, '');
}
