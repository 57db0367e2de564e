// Time that goes on when a test says so.

import { mock } from 'node:test';
import { realTimers } from './realTimers.ts';

/**
 * To be called in a `describe`: in its tests the steady clock begins at 0, and it and timers go on by what is passed, in ms. In steps,
 * as timers are made by timers; `onStep` comes before those of its step.
 */
export function passingTime(stepMs: number): (ms: number, onStep?: () => void) => Promise<void> {
  let now: number;
  beforeEach(() => {
    now = 0;
    mock.timers.enable({ apis: ['setTimeout'] });
    mock.method(performance, 'now', () => now);
  });
  afterEach(() => {
    realTimers();
    mock.restoreAll();
  });
  return async (ms, onStep) => {
    for (let passed = 0; passed < ms; passed += stepMs) {
      now += stepMs;
      onStep?.();
      mock.timers.tick(stepMs);
      await new Promise(setImmediate);
    }
  };
}
