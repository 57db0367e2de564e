// When my person is left in peace: until a time, which ends it by itself.

import { LAST_MOMENT, type Millis } from '../base/clock.ts';
import type { Me } from './state.ts';

/** Until my person turns it off. */
export const UNTIL_TURNED_OFF = LAST_MOMENT;

/** Undefined when my person may be disturbed at `now`. */
export function quietUntil({ doNotDisturbUntil }: Me, now: Millis): Millis | undefined {
  return doNotDisturbUntil !== undefined && now < doNotDisturbUntil ? doNotDisturbUntil : undefined;
}
