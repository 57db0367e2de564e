// What a search compares: words without case, marks and spelling variants. The same for what is stored, asked and shown.

/**
 * Letters that look alike and come from different keyboards, Arabic and Persian; some that Latin keyboards without them write
 * plainly, as Unicode takes no stroke and no dot off them; and two that have another form.
 */
const VARIANTS: Readonly<Record<string, string>> = {
  ي: 'ی',
  ى: 'ی',
  ئ: 'ی',
  ك: 'ک',
  ة: 'ه',
  ۀ: 'ه',
  أ: 'ا',
  إ: 'ا',
  ٱ: 'ا',
  آ: 'ا',
  ؤ: 'و',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ı: 'i',
  ß: 'ss',
  ς: 'σ',
};
const VARIANT = new RegExp(`[${Object.keys(VARIANTS).join('')}]`, 'gu');
/** Combining marks, the stretcher of Arabic script, soft hyphens and marks of direction: no part of a word. */
const IGNORED = /[\p{M}\u0640\u00AD\u200E\u200F\u2060\u2066-\u2069\uFEFF]/gu;
/** Joins the parts of one word without joining their letters; some write a space instead, some nothing. */
const JOINER = /[\u200C\u200D]/u;
/**
 * Scripts without spaces, where each character is a word: for a class of a regular expression with the flag u. The stroke that makes
 * a vowel long is of two of them.
 */
export const SPACELESS = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u30FC\uFF70`;
const WORD = new RegExp(String.raw`[${SPACELESS}]|(?:(?![${SPACELESS}])[\p{L}\p{N}\u200C\u200D])+`, 'gu');

/** Of one word; UTF-16 units. */
export const MAX_WORD_LENGTH = 64;

/** One word: any of these stands for it. */
export interface SearchWord {
  /** All of them. */
  readonly parts: readonly string[];
  /** Or this one, where the parts are joined. */
  readonly joined: string;
}

/** The words of `text`, in its order, as they are compared. */
export function searchWords(text: string): SearchWord[] {
  const found = foldedText(text).match(WORD) ?? [];
  return found.flatMap((word) => {
    const parts = word
      .split(JOINER)
      .filter((part) => part !== '')
      .map(shortened);
    return parts.length === 0 ? [] : [{ parts, joined: shortened(parts.join('')) }];
  });
}

function shortened(word: string): string {
  return word.length <= MAX_WORD_LENGTH ? word : word.slice(0, MAX_WORD_LENGTH).toWellFormed();
}

export function foldedText(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(VARIANT, (letter) => VARIANTS[letter] ?? letter)
    .normalize('NFKD')
    .replace(IGNORED, '')
    .replace(DIGIT, (digit) => String((digit.codePointAt(0) ?? 0) & 0xf));
}

/** Arabic and Persian: their code points end in the digit's value. */
const DIGIT = /[\u0660-\u0669\u06F0-\u06F9]/gu;
