// Where log lines go: standard error, one line each, from one level up.

import type { LogLevel, LogLine } from '../src/base/logger.ts';

const RANKS: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };

/** Stacks are folded into their line, so that a line is always one thing that happened. */
export function logSink(lowest: LogLevel, write: (text: string) => void): (line: LogLine) => void {
  return ({ level, text }) => {
    if (RANKS[level] >= RANKS[lowest]) write(`hamta registry: ${text.replaceAll(/\s*\n\s*/g, ' | ')}\n`);
  };
}
