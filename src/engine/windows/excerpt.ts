// The part of a text that shows why a search has found it.

import { MAX_EXCERPT_LENGTH } from '../../contract/message.ts';
import { foldedText, type SoughtWord } from '../store/searchText.ts';

/** UTF-16 units before the first word that was found. */
const BEFORE = 60;

/** At most MAX_EXCERPT_LENGTH units and the signs of what was left out; the beginning where no word is found. */
export function excerptAround(text: string, sought: readonly SoughtWord[]): string {
  const at = placeOf(text, sought);
  const from = Math.max(0, Math.min(at - BEFORE, text.length - MAX_EXCERPT_LENGTH));
  const start = from === 0 ? 0 : (firstWordFrom(text, from, at) ?? from);
  const end = Math.min(text.length, start + MAX_EXCERPT_LENGTH);
  const middle = withoutHalves(text.slice(start, end));
  return `${start > 0 ? '…' : ''}${middle}${end < text.length ? '…' : ''}`;
}

/** Where the first of the words begins. Folding changes lengths, so it is done piece by piece. */
function placeOf(text: string, sought: readonly SoughtWord[]): number {
  const words = sought.flatMap(({ parts, joined }) => [...parts, joined]);
  let folded = '';
  const places: number[] = [];
  let at = 0;
  for (const character of text) {
    const piece = foldedText(character).replace(/[\u200C\u200D]/gu, '');
    for (let i = 0; i < piece.length; i++) places.push(at);
    folded += piece;
    at += character.length;
  }
  const found = words.map((word) => startOf(folded, word)).filter((place) => place >= 0);
  return places[Math.min(...found)] ?? 0;
}

/** At the beginning of a word, if there is such a place. */
function startOf(folded: string, word: string): number {
  for (let at = folded.indexOf(word); at >= 0; at = folded.indexOf(word, at + 1))
    if (at === 0 || !/[\p{L}\p{N}]/u.test(folded[at - 1] ?? '')) return at;
  return folded.indexOf(word);
}

function firstWordFrom(text: string, from: number, upTo: number): number | undefined {
  const gap = text.slice(from, upTo).search(/\s\S/u);
  return gap < 0 ? undefined : from + gap + 1;
}

/** A slice may begin or end in the middle of a character. */
function withoutHalves(text: string): string {
  return text.replace(/^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/g, '');
}
