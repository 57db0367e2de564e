// How many headers a request may have. Whatever is over Node's own `maxHeadersCount`, versions before 22.23.2 and 24.18.1 drop in
// silence (CVE-2026-58044), and what a proxy says of a caller comes last: so Node reads them all, and they are counted here.

import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import { ProblemError } from './problem.ts';

/** An engine sends fewer than ten, and each proxy adds a few. */
const MAX_HEADERS = 64;

export const TOO_MANY_HEADERS = {
  status: 431,
  type: 'too-large',
  message: `A request may have ${MAX_HEADERS} headers.`,
} as const;

export function hasTooManyHeaders({ rawHeaders }: Pick<IncomingMessage, 'rawHeaders'>): boolean {
  return rawHeaders.length / 2 > MAX_HEADERS;
}

export const limitHeaders: RequestHandler = (request, _response, next) => {
  if (!hasTooManyHeaders(request)) return next();
  const { status, type, message } = TOO_MANY_HEADERS;
  throw new ProblemError(type, message, { status });
};
