// What a caller did wrong, or what is wrong here, as problem JSON (RFC 9457): thrown anywhere, answered in one place.

import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import type { Logger } from '../src/base/logger.ts';
import type { Problem, ProblemType } from '../src/contract/registry.ts';
import type { AddressOf } from './clientAddress.ts';
import { StoreAway } from './store/store.ts';

interface Kind {
  readonly status: number;
  readonly title: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Seconds after which a caller may try again when the store is away: about one reconnection. */
const STORE_RETRY_SECONDS = 2;

const KINDS: Readonly<Record<ProblemType, Kind>> = {
  'bad-request': { status: 400, title: 'The request cannot be understood' },
  'bad-signature': {
    status: 401,
    title: 'The signature is not the one of this key over this record',
    headers: { 'WWW-Authenticate': 'Hamta-Signature' },
  },
  'not-found': { status: 404, title: 'There is nothing here' },
  'wrong-method': { status: 405, title: 'This call has other methods' },
  'name-taken': { status: 409, title: 'The name belongs to another key' },
  'stale-record': { status: 409, title: 'A later record stands' },
  'clock-skew': { status: 412, title: 'The record was signed at another time than now' },
  'too-large': { status: 413, title: 'The request is too large' },
  'wrong-content-type': { status: 415, title: 'The body is not plain JSON' },
  'too-many-requests': { status: 429, title: 'Too many requests from this address' },
  internal: { status: 500, title: 'The registry failed; this is its own mistake' },
  'store-away': {
    status: 503,
    title: 'The registry cannot reach its store',
    headers: { 'Retry-After': String(STORE_RETRY_SECONDS) },
  },
};

type Times = Pick<Problem, 'freeAt' | 'serverTime' | 'newerThan'>;

export class ProblemError extends Error {
  readonly type: ProblemType;
  readonly times: Times;
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined for the usual one of its type. */
  readonly status: number | undefined;

  constructor(
    type: ProblemType,
    detail: string,
    more: { times?: Times; headers?: Record<string, string>; status?: number } = {},
  ) {
    super(detail);
    this.name = 'ProblemError';
    this.type = type;
    this.times = more.times ?? {};
    this.headers = more.headers ?? {};
    this.status = more.status;
  }
}

/** The body of a problem. `status` differs from the usual one of its type for a head that is too large (431), and below HTTP. */
export function problemBody(
  { type, message, times }: Pick<ProblemError, 'type' | 'message' | 'times'>,
  status = KINDS[type].status,
): Problem {
  return { type, title: KINDS[type].title, status, detail: message, ...times };
}

/** The last handler: answers whatever was thrown. What nobody foresaw is logged, and never shown. */
export function answerProblems(log: Logger, addressOf: AddressOf): ErrorRequestHandler {
  return (error, request, response, next) => {
    const problem = problemOf(error);
    if (problem.type === 'internal') log.error(`${request.method} failed`, error);
    // The one line with addresses and names in it. The path is still escaped, so that it cannot break the line.
    const { method, originalUrl: path } = request;
    const fields = { method, path, address: addressOf(request) ?? 'unknown', problem: problem.type };
    log.debug(`${method} ${path} from ${fields.address}: ${problem.type}`, fields);
    if (response.headersSent) next(error);
    else sendProblem(response, problem);
  };
}

export const answerNotFound: RequestHandler = () => {
  throw new ProblemError('not-found', 'The registry has no such call. Its calls are below /v1/peers.');
};

export function tooLarge(): ProblemError {
  return new ProblemError('too-large', 'A body may have 16 KiB.');
}

/** For the methods that a route does not have. */
export function onlyMethods(...methods: string[]): RequestHandler {
  const allow = methods.join(', ');
  return () => {
    throw new ProblemError('wrong-method', `Use one of: ${allow}.`, { headers: { Allow: allow } });
  };
}

function sendProblem(response: Response, problem: ProblemError): void {
  const { headers, status: usual } = KINDS[problem.type];
  const { status = usual } = problem;
  response
    .status(status)
    .set({ ...headers, ...problem.headers })
    .type('application/problem+json')
    .send(JSON.stringify(problemBody(problem, status)));
}

function problemOf(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof StoreAway) {
    return new ProblemError('store-away', 'Nothing was changed for certain. Try again in a moment.');
  }
  return httpProblemOf(error) ?? new ProblemError('internal', 'It was logged. Try again later.');
}

/** What Express throws, by the status that it would have answered. */
function httpProblemOf(error: unknown): ProblemError | undefined {
  if ((error as { status?: unknown } | undefined)?.status !== 400) return undefined;
  return new ProblemError('bad-request', 'The path is not valid UTF-8.');
}
