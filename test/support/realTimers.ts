// The end of timers that went off when a test said so (mock.timers).

import { syncBuiltinESMExports } from 'node:module';
import { mock } from 'node:test';

/**
 * Timers go by themselves again, also for whoever imports them by name: such a name keeps what stood there when Node last looked, and
 * a bad disk (badDisks.ts) makes it look while they are stopped. Then no later test's pause would ever end.
 */
export function realTimers(): void {
  mock.timers.reset();
  syncBuiltinESMExports();
}
