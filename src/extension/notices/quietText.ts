// How "do not disturb" and its end are said, and the ends that are offered. Pure.

import type { Millis } from '../../base/clock.ts';
import { UNTIL_TURNED_OFF } from '../../contract/doNotDisturb.ts';
import type { Language } from '../language.ts';

const HOUR_MS = 3_600_000;
const MORNING = 8;

/** In a few words, for rows and tooltips. */
export function quietText(until: Millis, now: Millis, { t, locale }: Language): string {
  return until >= UNTIL_TURNED_OFF
    ? t('do not disturb')
    : t('do not disturb until {0}', timeText(until, now, locale));
}

export function inOneHour(now: Millis): Millis {
  return now + HOUR_MS;
}

/** By this machine's clock and time zone, over changes of either. */
export function tomorrowMorning(now: Millis): Millis {
  const morning = new Date(now);
  morning.setDate(morning.getDate() + 1);
  return morning.setHours(MORNING, 0, 0, 0);
}

/** `14:30`, with the day where it is another one. */
export function timeText(at: Millis, now: Millis, locale: string): string {
  const isToday = new Date(at).toDateString() === new Date(now).toDateString();
  const day = isToday ? {} : ({ weekday: 'long' } as const);
  return new Intl.DateTimeFormat(locale, { ...day, hour: 'numeric', minute: '2-digit' }).format(at);
}
