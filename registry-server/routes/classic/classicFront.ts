// Stands before the HTTP server and looks at the first line of each connection only: a course client's request is answered here and
// the connection closed, everything else goes on to the server as if nothing had been. Node's parser refuses some of those lines.

import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../../../src/base/clock.ts';
import type { Logger } from '../../../src/base/logger.ts';
import type { AddressOf } from '../../clientAddress.ts';
import { RateLimiter, type RateLimits } from '../../rateLimit.ts';
import { type Store, StoreAway } from '../../store/store.ts';
import { Caller, type Door } from './caller.ts';
import { type ClassicAnswer, encodeAnswer } from './classicAnswer.ts';
import { ClassicDirectory } from './classicDirectory.ts';
import type { ClassicRoute, Dialect } from './dialect.ts';
import { REQUEST_DEADLINE_MS } from './params.ts';
import { parseRequestLine } from './requestLine.ts';
import type { ClassicRequest } from './requestReader.ts';
import { dialectS0 } from './s0.ts';
import { dialectS1 } from './s1.ts';
import { dialectS2 } from './s2.ts';
import { dialectS4 } from './s4.ts';

export interface ClassicOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly limits: RateLimits;
  /** Shared with the other calls where there is one. */
  readonly limiter?: RateLimiter;
  readonly log: Logger;
  /** Whom a request is from: as for the other calls. */
  readonly addressOf: AddressOf;
  /** Tests cannot wait. */
  readonly deadlineMs?: number;
}

/** The registry's own calls, whatever a peer is called: `/v1/peers/info`. */
const OWN_CALLS = /^\/(v1\/|healthz|metrics)/;

export class ClassicFront {
  readonly #options: ClassicOptions;
  readonly #limiter: RateLimiter;
  readonly #dialects: readonly Dialect[];
  /** Those that have not asked yet. The server's own bound on connections bounds them. */
  readonly #waiting = new Set<Caller>();

  constructor(options: ClassicOptions) {
    const { store, clock, limits, limiter } = options;
    this.#options = options;
    this.#limiter = limiter ?? new RateLimiter(limits);
    const of = (dialect: 's0' | 's1' | 's2' | 's4') => new ClassicDirectory(store, clock, dialect);
    // s4 looks at the end of the path only, so it comes last: a peer may be called "info".
    this.#dialects = [dialectS0(of('s0')), dialectS1(of('s1')), dialectS2(of('s2')), dialectS4(of('s4'))];
  }

  /** Call it once, before the server listens. The server still does the listening, counting and closing of connections. */
  standBefore(server: Server): void {
    const listeners = server.listeners('connection');
    const handOn = (socket: Socket) => {
      for (const listener of listeners) listener.call(server, socket);
    };
    const door = this.#doorTo(handOn);
    server.removeAllListeners('connection');
    server.on('connection', (socket: Socket) => this.#waiting.add(new Caller(socket, door)));
  }

  /** Ends all connections that have not asked for anything yet. Those that are being answered end by themselves. */
  close(): void {
    for (const caller of this.#waiting) caller.drop();
  }

  #doorTo(handOn: (socket: Socket) => void): Door {
    const { clock, deadlineMs = REQUEST_DEADLINE_MS } = this.#options;
    return {
      deadlineMs,
      handOn,
      routeOf: (firstLine) => this.#routeOf(firstLine),
      answer: (socket, route, request) => this.#answer(socket, route, request),
      encode: (answer) => encodeAnswer(answer, clock.now()),
      leaves: (caller) => this.#waiting.delete(caller),
    };
  }

  #routeOf(firstLine: Buffer): ClassicRoute | undefined {
    const line = parseRequestLine(firstLine);
    if (line === undefined || OWN_CALLS.test(line.path)) return undefined;
    for (const dialect of this.#dialects) {
      const route = dialect(line);
      if (route !== undefined) return route;
    }
    return undefined;
  }

  async #answer(
    socket: Socket,
    route: ClassicRoute,
    request: ClassicRequest,
  ): Promise<ClassicAnswer | undefined> {
    const { addressOf, clock } = this.#options;
    const headers = { 'x-forwarded-for': request.headers.get('x-forwarded-for') };
    const waitMs = this.#limiter.take(addressOf({ socket, headers }) ?? '', clock.now());
    if (waitMs > 0) return later(429, Math.ceil(waitMs / 1_000));
    try {
      return await route(request);
    } catch (error) {
      if (error instanceof StoreAway) return later(503, 2);
      this.#options.log.error('a course client could not be answered', error);
      return { status: 500 };
    }
  }
}

function later(status: 429 | 503, seconds: number): ClassicAnswer {
  return { status, headers: [['Retry-After', String(seconds)]] };
}
