// The shape of every protocol here: told things together with the time, asked what to do. No clock, socket, timer or await.

import type { Millis } from './clock.ts';

export interface Machine<In, Out> {
  /** Takes one input. Illegal input changes nothing. */
  handle(input: In, now: Millis): void;
  /** The next thing to do; call until it answers undefined before the next `handle`. */
  poll(): Out | undefined;
  /** When to call `handle` with "time passed", at the latest. */
  deadline(): Millis | undefined;
}
