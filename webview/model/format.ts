// Numbers, sizes and times as people say them, in the person's locale.

import type { Millis } from '../../src/base/clock.ts';
import { t } from './words.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** ECMA-262, time range, less a day for time zones. */
const LAST_MOMENT_MS = 8.64e15 - DAY_MS;
/** Keeps a number and its unit on one line. */
const NO_BREAK_SPACE = '\u00a0';
/** Bytes and each thousand times as much. */
const SIZE_STEPS = 5;

export interface Format {
  count(value: number): string;
  /** 0 to 1, rounded down: 100 % means that nothing is missing. */
  percent(fraction: number): string;
  /** Decimal: 1 KB is 1000 bytes, as file managers and networks count. */
  bytes(sizeBytes: number): string;
  speed(bytesPerSecond: number): string;
  /** Of a picture: `1920×1080`. */
  pixels(width: number, height: number): string;
  /** One or two units: `4 s`, `2 min`, `1 h 10 min`. */
  duration(ms: number): string;
  /** The time of day. */
  time(at: Millis): string;
  /** Day and time in full, for tooltips. */
  moment(at: Millis): string;
  /** `Today`, `Yesterday`, or the date; with the year when it is another one. */
  day(at: Millis, now: Millis): string;
}

/** An unknown locale falls back to English. Days and times are those of the machine's time zone. */
export function formatOf(locale: string): Format {
  const known = isKnownLocale(locale) ? locale : 'en';
  const date = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(known, options);
  const time = date({ hour: 'numeric', minute: '2-digit' });
  const moment = date({ dateStyle: 'full', timeStyle: 'medium' });
  const nearDay = date({ weekday: 'long', day: 'numeric', month: 'long' });
  const farDay = date({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
  const year = date({ year: 'numeric' });
  const relative = new Intl.RelativeTimeFormat(known, { numeric: 'auto' });

  return {
    ...numbersOf(known),
    time: (at) => time.format(possible(at)),
    moment: (at) => moment.format(possible(at)),
    day: (at, now) => {
      const days = dayNumber(at) - dayNumber(now);
      if (days === 0 || days === -1) return capitalised(relative.format(days, 'day'), known);
      const isSameYear = year.format(possible(at)) === year.format(possible(now));
      return (isSameYear ? nearDay : farDay).format(possible(at));
    },
  };
}

/** The same number for all moments of one local day, one more for the next day. */
export function dayNumber(at: Millis): number {
  const moment = possible(at);
  const offsetMs = new Date(moment).getTimezoneOffset() * MINUTE_MS;
  return Math.floor((moment - offsetMs) / DAY_MS);
}

/** A peer's clock may say anything; dates end at this distance from the epoch, and formatting throws beyond it. */
function possible(at: Millis): Millis {
  return Number.isNaN(at) ? 0 : Math.min(LAST_MOMENT_MS, Math.max(-LAST_MOMENT_MS, at));
}

function numbersOf(
  locale: string,
): Pick<Format, 'count' | 'percent' | 'bytes' | 'speed' | 'pixels' | 'duration'> {
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const plain = new Intl.NumberFormat(locale, { useGrouping: false });
  const tenths = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
  const count = (value: number) => whole.format(value);

  const bytes = (sizeBytes: number) => {
    const { value, step } = scaled(sizeBytes);
    const format = value < 10 && step > 0 ? tenths : whole;
    return onOneLine(sizeWords(format.format(value), step));
  };
  return {
    count,
    percent: (fraction) => percent.format(Math.floor(clamp(fraction) * 100) / 100),
    bytes,
    speed: (bytesPerSecond) => t('{0}/s', bytes(bytesPerSecond)),
    pixels: (width, height) => t('{0}×{1}', plain.format(width), plain.format(height)),
    duration: (ms) => durationOf(Math.max(0, ms), count),
  };
}

/** The largest unit in which the rounded value is below 1000. */
function scaled(sizeBytes: number): { value: number; step: number } {
  let value = Math.max(0, Number.isFinite(sizeBytes) ? sizeBytes : 0);
  let step = 0;
  while (Math.round(value) >= 1000 && step < SIZE_STEPS - 1) {
    value /= 1000;
    step += 1;
  }
  return { value, step };
}

function sizeWords(value: string, step: number): string {
  if (step === 0) return t('{0} B', value);
  if (step === 1) return t('{0} KB', value);
  if (step === 2) return t('{0} MB', value);
  return step === 3 ? t('{0} GB', value) : t('{0} TB', value);
}

function onOneLine(text: string): string {
  return text.replaceAll(' ', NO_BREAK_SPACE);
}

function durationOf(ms: number, count: (value: number) => string): string {
  const seconds = () => onOneLine(t('{0} s', count(Math.max(1, Math.round(ms / SECOND_MS)))));
  const minutes = (of: number) => onOneLine(t('{0} min', count(of)));
  const hours = () => onOneLine(t('{0} h', count(Math.floor(ms / HOUR_MS))));
  if (ms < MINUTE_MS) return seconds();
  if (ms < HOUR_MS) return minutes(Math.round(ms / MINUTE_MS));
  if (ms >= DAY_MS) return onOneLine(daysOf(Math.floor(ms / DAY_MS), count));
  const rest = Math.floor((ms % HOUR_MS) / MINUTE_MS);
  return rest === 0 ? hours() : t('{0} {1}', hours(), minutes(rest));
}

function daysOf(days: number, count: (value: number) => string): string {
  return days === 1 ? t('{0} day', count(days)) : t('{0} days', count(days));
}

function clamp(fraction: number): number {
  return Number.isFinite(fraction) ? Math.min(1, Math.max(0, fraction)) : 0;
}

function capitalised(text: string, locale: string): string {
  const [first = '', ...rest] = text;
  return first.toLocaleUpperCase(locale) + rest.join('');
}

function isKnownLocale(locale: string): boolean {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(locale).length > 0;
  } catch {
    return false;
  }
}
