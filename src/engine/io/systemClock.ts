// The real clocks of the engine.

import type { Clock } from '../../base/clock.ts';

/** Wall time, for what a person or another machine sees. May jump. */
export const wallClock: Clock = { now: () => Date.now() };

/** Never jumps back; for every timer of a machine. */
export const steadyClock: Clock = { now: () => performance.now() };
