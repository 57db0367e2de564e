// Log lines as values: rooms write them, whoever started the process decides where they go.

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** What a line is about in values, for whoever collects lines by machine. The text says all of it that a person needs. */
export type LogFields = Readonly<Record<string, string | number | boolean>>;

export interface LogLine {
  readonly level: LogLevel;
  /** The room that speaks, e.g. `link`. */
  readonly room: string;
  readonly text: string;
  readonly fields?: LogFields;
}

export interface Logger {
  debug(text: string, fields?: LogFields): void;
  info(text: string, fields?: LogFields): void;
  warn(text: string, fields?: LogFields): void;
  error(text: string, cause?: unknown): void;
}

/** A logger for one room, writing to `sink`. Causes are written with their stack: they are bugs. */
export function loggerOf(room: string, sink: (line: LogLine) => void): Logger {
  const at = (level: LogLevel) => (text: string, fields?: LogFields) =>
    sink(fields === undefined ? { level, room, text } : { level, room, text, fields });
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
