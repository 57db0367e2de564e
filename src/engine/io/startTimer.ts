// The engine's plain timer, for what is no machine.

import type { Disposable } from '../../base/disposable.ts';

/** Runs `onTime` once after `ms`, unless it is disposed of before. */
export type StartTimer = (ms: number, onTime: () => void) => Disposable;

export const startTimer: StartTimer = (ms, onTime) => {
  const timer = setTimeout(onTime, ms);
  return { dispose: () => clearTimeout(timer) };
};
