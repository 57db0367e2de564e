// Log lines for machines: one JSON object each. Which fields there are is told in docs/registry.md.

import { pino } from 'pino';
import type { LogLevel, LogLine } from '../src/base/logger.ts';

/** `write` gets whole lines. */
export function jsonSink(lowest: LogLevel, write: (text: string) => void): (line: LogLine) => void {
  const options = {
    level: lowest,
    // Which process and machine it was, the collector of the lines knows better.
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (level: string) => ({ level }) },
  };
  const log = pino(options, { write });
  return ({ level, room, text, fields }) => log[level]({ room, ...fields }, text);
}
