// When my person is left in peace: until a time, which ends it by itself.

import type { Millis } from '../base/clock.ts';
import type { Me } from './state.ts';

/** As far ahead as a date goes: until my person turns it off. */
export const UNTIL_TURNED_OFF: Millis = 8.64e15;

/** Undefined when my person may be disturbed at `now`. */
export function quietUntil({ doNotDisturbUntil }: Me, now: Millis): Millis | undefined {
  return doNotDisturbUntil !== undefined && now < doNotDisturbUntil ? doNotDisturbUntil : undefined;
}
