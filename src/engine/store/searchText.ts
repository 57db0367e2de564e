// What a text can be found by, and what a query looks for.

import { MAX_WORD_LENGTH, type SearchWord, searchWords } from '../../contract/searchWords.ts';

/** Words of a query beyond these are not looked for. */
const MAX_WORDS = 16;
/** One word of a query. */
export type SoughtWord = SearchWord;

/** What the words of `text` cost, in UTF-16 units: some characters stand for up to 18 letters. */
export function costOf(text: string): number {
  return text.normalize('NFKC').length;
}

/** The words that `text` can be found by. One with joiners is there in parts and whole. */
export function wordsIn(text: string): Set<string> {
  const words = new Set<string>();
  for (const { parts, joined } of searchWords(text)) {
    for (const part of parts) words.add(part);
    words.add(joined);
  }
  return words;
}

/** What is looked for; the last word may be the beginning of one. */
export function soughtWords(query: string): SoughtWord[] {
  return searchWords(query.slice(0, MAX_WORDS * MAX_WORD_LENGTH)).slice(0, MAX_WORDS);
}

/** Whether all that is sought is among `words`, as the index would answer it. */
export function hasAll(words: ReadonlySet<string>, sought: readonly SoughtWord[]): boolean {
  return sought.every(({ parts, joined }, i) => {
    const isLast = i === sought.length - 1;
    const has = (word: string, mayBeBegun: boolean) =>
      words.has(word) || (mayBeBegun && [...words].some((other) => other.startsWith(word)));
    return has(joined, isLast) || parts.every((part, at) => has(part, isLast && at === parts.length - 1));
  });
}
