// How texts for people are made. Handed in, so that what decides on them runs without the editor.

import { type Failure, failureText } from '../contract/failure.ts';
import { onItsOwn } from './bidi.ts';

export interface Language {
  /** `vscode.l10n.t`: the translation of `text`, with {0}, {1} ... replaced. */
  t(text: string, ...values: (string | number)[]): string;
  /** BCP 47, for numbers and dates. */
  readonly locale: string;
}

/** What went wrong, in the words of `language`; the log has it in English. */
export function failureIn({ t, locale }: Language, failure: Failure): string {
  return failureText(failure, (text, ...values) => t(text, ...values.map((value) => said(value, locale))));
}

/**
 * Paths, addresses and names in a text of a language that runs from right to left: without this their ends change places. Numbers
 * in its digits, not grouped: one of them may be that of a port.
 */
function said(value: string | number, locale: string): string | number {
  if (!isRightToLeft(locale)) return value;
  return typeof value === 'string'
    ? onItsOwn(value)
    : new Intl.NumberFormat(locale, { useGrouping: false }).format(value);
}

/** Whether the language of this locale is written so. */
export function isRightToLeft(locale: string): boolean {
  return RIGHT_TO_LEFT.test(locale);
}

const RIGHT_TO_LEFT = /^(ar|fa|he|ur)\b/;
