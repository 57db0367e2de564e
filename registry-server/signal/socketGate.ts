// Who may open a signal socket: the path, the rate, and how many sockets there are already. Refusals are problems (RFC 9457),
// as everywhere else.

import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Millis } from '../../src/base/clock.ts';
import { TokenBuckets } from '../../src/base/tokenBuckets.ts';
import type { ProblemType } from '../../src/contract/registry.ts';
import { SIGNAL_PATH } from '../../src/contract/signal.ts';
import { Counts } from '../counts.ts';
import { hasTooManyHeaders, TOO_MANY_HEADERS } from '../headerCount.ts';
import { problemBody } from '../problem.ts';
import { isLoopback, limitedPart, type RateLimits } from '../rateLimit.ts';
import { MAX_SOCKETS, MAX_SOCKETS_PER_ADDRESS, MAX_STRANGERS, MAX_STRANGERS_PER_ADDRESS } from './params.ts';

export interface Refusal {
  readonly status: 400 | 403 | 404 | 429 | 431 | 503;
  readonly type: ProblemType;
  readonly message: string;
  readonly retryAfterS?: number;
}

/** Sockets are counted twice: all of them, and those that have not proven a key yet. */
export class SocketGate {
  readonly #limits: RateLimits;
  readonly #rate: TokenBuckets | undefined;
  readonly #all = new Counts();
  readonly #strangers = new Counts();

  constructor(limits: RateLimits) {
    this.#limits = limits;
    const { requestsPerSecond, burst } = limits;
    this.#rate =
      requestsPerSecond <= 0 ? undefined : new TokenBuckets({ perSecond: requestsPerSecond, burst });
  }

  get sockets(): number {
    return this.#all.total;
  }

  get strangers(): number {
    return this.#strangers.total;
  }

  /** Counts the socket in when it may come; whoever was let in is counted out by `known` and `leave`. */
  enter(request: IncomingMessage, address: string, now: Millis): Refusal | undefined {
    const part = limitedPart(address);
    const isLimited = this.#limits.limitLoopback || !isLoopback(address);
    const refusal =
      refusalOf(request) ?? this.#refuseFull() ?? (isLimited ? this.#refuseGreedy(part, now) : undefined);
    if (refusal !== undefined) return refusal;
    this.#all.add(part, 1);
    this.#strangers.add(part, 1);
    return undefined;
  }

  /** The socket has proven its key. */
  known(address: string): void {
    this.#strangers.add(limitedPart(address), -1);
  }

  leave(address: string, wasKnown: boolean): void {
    if (!wasKnown) this.known(address);
    this.#all.add(limitedPart(address), -1);
  }

  #refuseFull(): Refusal | undefined {
    return this.#all.total >= MAX_SOCKETS || this.#strangers.total >= MAX_STRANGERS ? FULL : undefined;
  }

  #refuseGreedy(part: string, now: Millis): Refusal | undefined {
    const waitMs = this.#rate?.waitMs(part, 1, now) ?? 0;
    if (waitMs > 0) return tooMany('This address asked too much.', Math.ceil(waitMs / 1_000));
    this.#rate?.take(part, 1, now);
    const isMuch =
      this.#all.of(part) >= MAX_SOCKETS_PER_ADDRESS || this.#strangers.of(part) >= MAX_STRANGERS_PER_ADDRESS;
    return isMuch ? tooMany('This address has too many signal sockets.', 30) : undefined;
  }
}

/** Answers over the raw connection, and ends it. */
export function refuseUpgrade(socket: Duplex, { status, type, message, retryAfterS }: Refusal): void {
  const body = JSON.stringify(problemBody({ type, message, times: {} }, status));
  const head = [
    `HTTP/1.1 ${status} Refused`,
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...(retryAfterS === undefined ? [] : [`Retry-After: ${retryAfterS}`]),
    'Connection: close',
  ];
  socket.on('error', () => undefined);
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  setTimeout(() => socket.destroy(), 1_000).unref();
}

function refusalOf(request: IncomingMessage): Refusal | undefined {
  if (hasTooManyHeaders(request)) return TOO_MANY_HEADERS;
  const { url = '', headers, method } = request;
  const { host = '' } = headers;
  if (url.split('?', 1)[0] !== SIGNAL_PATH || method !== 'GET')
    return { status: 404, type: 'not-found', message: `Only ${SIGNAL_PATH} is a WebSocket here.` };
  // Pages can open sockets to any host that their reader's machine reaches; engines say no Origin.
  if (headers.origin !== undefined)
    return { status: 403, type: 'bad-request', message: 'This socket is not for web pages.' };
  if (host === '' || host.length > 300)
    return { status: 400, type: 'bad-request', message: 'Say in the Host header whom you dialled.' };
  return undefined;
}

const FULL: Refusal = {
  ...{ status: 503, type: 'too-many-requests', retryAfterS: 30 },
  message: 'There are as many signal sockets as this registry can hold.',
};

function tooMany(message: string, retryAfterS: number): Refusal {
  return { status: 429, type: 'too-many-requests', message, retryAfterS };
}
