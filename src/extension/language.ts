// How texts for people are made. Handed in, so that what decides on them runs without the editor.

import { type Failure, failureText } from '../contract/failure.ts';
import { fromRightToLeft, onItsOwn } from './bidi.ts';

export interface Language {
  /** As `vscode.l10n.t` (see l10n.ts): the translation of `text`, with {0}, {1} ... replaced. */
  t(text: string, ...values: (string | number)[]): string;
  /** BCP 47, for numbers and dates. */
  readonly locale: string;
}

/** What went wrong, in the words of `language`; the log has it in English. */
export function failureIn({ t }: Language, failure: Failure): string {
  return failureText(failure, t);
}

/** Several things in one line, in the order in which the language runs. */
export function listIn({ locale }: Language, parts: readonly string[]): string {
  return isRightToLeft(locale) ? fromRightToLeft(parts.join('، ')) : parts.join(', ');
}

/** Whether the language of this locale is written so. */
export function isRightToLeft(locale: string): boolean {
  return RIGHT_TO_LEFT.test(locale);
}

const RIGHT_TO_LEFT = /^(ar|fa|he|ur)\b/;

/**
 * `t` of a language that runs from right to left, for the editor's windows, which run from left to right in every language: without
 * this a sentence begins at its wrong end, and the ends of paths, addresses and names in it change places.
 */
export function inOwnDirection(t: Language['t'], locale: string): Language['t'] {
  return (text, ...values) => fromRightToLeft(t(text, ...values.map((value) => said(value, locale))));
}

/** Numbers in its digits, not grouped: one of them may be that of a port. */
function said(value: string | number, locale: string): string {
  if (typeof value === 'string') return onItsOwn(value);
  return new Intl.NumberFormat(locale, { useGrouping: false }).format(value);
}
