// Time as a value that is handed in, so that protocols can be run in virtual time.

/** Milliseconds since the Unix epoch where a person may see it, else on any monotonic scale. */
export type Millis = number;

/** The last moment that a Date holds (ECMA-262, 21.4.1.1). Intl throws beyond it. */
export const LAST_MOMENT: Millis = 8.64e15;

export interface Clock {
  now(): Millis;
}
