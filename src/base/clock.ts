// Time as a value that is handed in, so that protocols can be run in virtual time.

/** Milliseconds since the Unix epoch where a person may see it, else on any monotonic scale. */
export type Millis = number;

export interface Clock {
  now(): Millis;
}
