// Sizes, speeds and times as people say them, in their own language's digits and units.

import { numberFormat } from '../formats.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const BYTE_UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

/** `1,204`. */
export function countText(count: number, locale: string): string {
  return numberFormat(locale).format(count);
}

/** `8.1 MB`; decimal units, as the editor and most systems show them. */
export function sizeText(bytes: number, locale: string): string {
  const { value, unit } = scaled(bytes);
  return inUnit(value, unit, locale, value < 10 && unit !== 'byte' ? 1 : 0);
}

/** `8.1 MB/s`. */
export function speedText(bytesPerSecond: number, locale: string): string {
  const { value, unit } = scaled(Math.max(1_000, bytesPerSecond));
  return inUnit(value, `${unit}-per-second`, locale, value < 10 ? 1 : 0);
}

/** As the chat page says it, in one or two units: `4 s`, `5 min`, `1 h 10 min`, `2 days`. */
export function durationText(ms: number, locale: string): string {
  const seconds = Math.max(0, ms) / 1_000;
  if (seconds < MINUTE) return inUnit(Math.max(1, Math.round(seconds)), 'second', locale);
  if (seconds < HOUR) return inUnit(Math.round(seconds / MINUTE), 'minute', locale);
  if (seconds >= DAY) return inUnit(Math.floor(seconds / DAY), 'day', locale);
  const hours = inUnit(Math.floor(seconds / HOUR), 'hour', locale);
  const rest = Math.floor((seconds % HOUR) / MINUTE);
  return rest === 0 ? hours : hours + joiner(locale) + inUnit(rest, 'minute', locale);
}

function joiner(locale: string): string {
  return locale.startsWith('fa') ? ' و ' : ' ';
}

/** `62%`; never 100 before all is there. */
export function shareText(part: number, whole: number, locale: string): string {
  const share = whole <= 0 ? 0 : Math.floor((100 * Math.min(part, whole)) / whole) / 100;
  return numberFormat(locale, { style: 'percent' }).format(share);
}

function scaled(bytes: number): { value: number; unit: (typeof BYTE_UNITS)[number] } {
  let value = Math.max(0, bytes);
  let step = 0;
  while (Math.round(value) >= 1_000 && step < BYTE_UNITS.length - 1) {
    value /= 1_000;
    step++;
  }
  return { value, unit: BYTE_UNITS[step] ?? 'byte' };
}

/** What Intl says that the chat page and most people write in another way, by language; Intl has these units in no Persian. */
const AS_PEOPLE_WRITE: Readonly<Record<string, readonly (readonly [RegExp, string])[]>> = {
  en: [
    [/kB/, 'KB'],
    [/\bbyte\b/, 'B'],
    [/\bsec$/, 's'],
    [/\bhr$/, 'h'],
  ],
  fa: [
    [/kB/, 'کیلوبایت'],
    [/MB/, 'مگابایت'],
    [/GB/, 'گیگابایت'],
  ],
};

function inUnit(value: number, unit: string, locale: string, maximumFractionDigits = 0): string {
  const text = numberFormat(locale, { style: 'unit', unit, maximumFractionDigits }).format(value);
  const [language = ''] = locale.split('-');
  const changes = AS_PEOPLE_WRITE[language] ?? AS_PEOPLE_WRITE.en ?? [];
  return changes.reduce((said, [intl, people]) => said.replace(intl, people), text);
}
