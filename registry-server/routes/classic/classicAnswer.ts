// Answers to course clients: HTTP/1.0, so that the end of the connection is the end of the answer. Headers stand in the order given,
// behind exactly Server and Date: one dialect finds them by position.

import type { Millis } from '../../../src/base/clock.ts';

export interface ClassicAnswer {
  readonly status: number;
  /** Instead of the usual phrase: one dialect shows it to its user. */
  readonly reason?: string;
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly body?: string;
}

const REASONS: Readonly<Record<number, string>> = {
  200: 'OK',
  400: 'Bad Request',
  404: 'Not Found',
  408: 'Request Timeout',
  409: 'Conflict',
  413: 'Content Too Large',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

export function encodeAnswer(
  { status, reason, headers = [], body = '' }: ClassicAnswer,
  now: Millis,
): string {
  const lines = [
    `HTTP/1.0 ${status} ${reason ?? REASONS[status]}`,
    'Server: Hamta',
    `Date: ${new Date(now).toUTCString()}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
  ];
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}

/** JSON as Python's `json.dumps` writes flat values: a blank behind each comma and colon, and ASCII only. */
export function pythonJson(value: readonly unknown[] | Readonly<Record<string, unknown>>): string {
  if (Array.isArray(value)) return `[${value.map(asciiJson).join(', ')}]`;
  const fields = Object.entries(value).map(
    ([name, field]) => `${asciiJson(name)}: ${Array.isArray(field) ? pythonJson(field) : asciiJson(field)}`,
  );
  return `{${fields.join(', ')}}`;
}

/** Compact, ASCII only, so that it also fits into a header. */
export function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** The object in a body, or undefined when there is none. */
export function jsonObject(body: Buffer): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
