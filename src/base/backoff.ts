// How long to wait before trying again: growing by a factor, with jitter, up to a ceiling.

import type { Millis } from './clock.ts';

export interface BackoffLimits {
  readonly firstMs: Millis;
  readonly ceilingMs: Millis;
  /** How much longer each wait is than the one before; 2 unless told. */
  readonly factor?: number;
}

/**
 * The wait before try number `failures` + 1, in ms: between half of and the whole of min(first * factor^(failures-1), ceiling).
 * `random` gives numbers in [0, 1); the jitter keeps many peers from coming back at the same moment.
 */
export function backoffMs(failures: number, limits: BackoffLimits, random: () => number): Millis {
  const { firstMs, ceilingMs, factor = 2 } = limits;
  const whole = Math.min(ceilingMs, firstMs * factor ** Math.max(0, Math.min(failures, 30) - 1));
  return Math.round(whole / 2 + (whole / 2) * random());
}
