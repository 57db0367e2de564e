// The page's words. As everywhere in the windows the English text is its own key; the extension hands the page the table of
// the person's language (l10n/), once, before anything is drawn.

import { type Failure, failureText } from '../../src/contract/failure.ts';
import type { Transfer } from '../../src/contract/transfer.ts';
import { transferFailureText } from '../../src/contract/transferFailure.ts';
import { isolated } from './isolate.ts';

export interface Words {
  /** English text to translation, both with {0}, {1} … for values. What is missing is said in English. */
  readonly table: Readonly<Record<string, string>>;
  readonly direction: 'ltr' | 'rtl';
  /** BCP 47, for the digits of numbers. */
  readonly locale: string;
}

export const ENGLISH: Words = { table: {}, direction: 'ltr', locale: 'en' };

let words = ENGLISH;

/** What was said before stays as it is: not for a page that is drawn already. */
export function speak(language: Words): void {
  words = language;
}

/** `text` in the page's language, with its values. */
export function t(text: string, ...values: readonly (string | number)[]): string {
  const said = Object.hasOwn(words.table, text) ? words.table[text] : undefined;
  return (said ?? text).replace(/\{(\d)\}/g, (place, at) => `${values[Number(at)] ?? place}`);
}

/** Paths, addresses and names in it stand apart where the words around them run from right to left. */
export function failureWords(failure: Failure): string {
  const apart = (value: string) => (words.direction === 'rtl' ? isolated(value) : value);
  return failureText(failure, (text, ...values) => t(text, ...values.map((value) => spoken(value, apart))));
}

/** Why a transfer with `peer` failed. Names in it stand apart in every language, as they do on the rest of its card. */
export function transferFailureWords(failure: Failure, transfer: Transfer, peer: string): string {
  return transferFailureText(failure, transfer, peer, (text, ...values) =>
    t(text, ...values.map((value) => spoken(value, isolated))),
  );
}

/** Numbers in the digits of the words around them. Not grouped: one of them may be that of a port. */
function spoken(value: string | number, apart: (value: string) => string): string {
  if (typeof value === 'string') return apart(value);
  return new Intl.NumberFormat(words.locale, { useGrouping: false }).format(value);
}

/** What the extension has written into the page, and said of its language; English where there is nothing or no table. */
export function wordsIn(json: string | undefined, { dir, lang }: Pick<HTMLElement, 'dir' | 'lang'>): Words {
  if (!json) return ENGLISH;
  const table: unknown = JSON.parse(json);
  if (typeof table !== 'object' || table === null) return ENGLISH;
  return { table: table as Words['table'], direction: dir === 'rtl' ? 'rtl' : 'ltr', locale: lang };
}
