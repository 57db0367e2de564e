// Log lines as values: rooms write them, whoever started the process decides where they go.

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface LogLine {
  readonly level: LogLevel;
  /** The room that speaks, e.g. `link`. */
  readonly room: string;
  readonly text: string;
}

export interface Logger {
  debug(text: string): void;
  info(text: string): void;
  warn(text: string): void;
  error(text: string, cause?: unknown): void;
}

/** A logger for one room, writing to `sink`. Causes are written with their stack: they are bugs. */
export function loggerOf(room: string, sink: (line: LogLine) => void): Logger {
  const at = (level: LogLevel) => (text: string) => sink({ level, room, text });
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: (text, cause) =>
      sink({ level: 'error', room, text: cause === undefined ? text : `${text}: ${textOf(cause)}` }),
  };
}

function textOf(cause: unknown): string {
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
}
