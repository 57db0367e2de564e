// The registry as an Express application: who may call, the routes, and one answer to everything that goes wrong. No listen.

import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import express, { type Express, type RequestHandler } from 'express';
import helmet from 'helmet';
import type { Clock } from '../src/base/clock.ts';
import type { Logger } from '../src/base/logger.ts';
import { addressBehind, isForwarded } from './clientAddress.ts';
import { limitHeaders } from './headerCount.ts';
import { Metrics } from './metrics.ts';
import { NewNames } from './newNames.ts';
import { answerNotFound, answerProblems, ProblemError } from './problem.ts';
import { isLoopback, limitRate, RateLimiter, type RateLimits } from './rateLimit.ts';
import { healthRoutes } from './routes/health.ts';
import { type MetricsReaders, metricsRoutes } from './routes/metrics.ts';
import { peerRoutes } from './routes/peers.ts';
import type { Store } from './store/store.ts';

export interface AppParts {
  readonly store: Store;
  /** Wall time: it is compared with the peers' own. */
  readonly clock: Clock;
  readonly limits: RateLimits;
  readonly log: Logger;
  /** How many proxies stand before this process; 0 unless told. */
  readonly trustedHops?: number;
  /** Its own unless told: several instances share theirs through it. */
  readonly limiter?: RateLimiter;
  readonly metrics?: Metrics;
  /** Who may read them; nobody unless told. */
  readonly metricsReaders?: MetricsReaders;
  /** Whether callers come over TLS, here or at the proxy. */
  readonly isSecure?: boolean;
  /** The UDP ports where STUN answers, as of now. */
  readonly stunPorts?: () => readonly number[];
}

export function createApp(parts: AppParts): Express {
  const { store, clock, limits, log, limiter = new RateLimiter(limits), metrics = new Metrics() } = parts;
  const { trustedHops = 0 } = parts;
  const addressOf = addressBehind(trustedHops);
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.enable('case sensitive routing');
  app.set('query parser', 'simple');
  app.use(metrics.countRequests());
  app.use(closedHeaders(parts.isSecure ?? false));
  if (trustedHops === 0 && !limits.limitLoopback) app.use(tellOfProxy(log));
  app.use(limitRate(limiter, clock, addressOf));
  app.use(limitHeaders);
  app.use(requireHost);
  app.use(peerRoutes(store, clock, addressOf, new NewNames(limits), parts.stunPorts));
  app.use(healthRoutes(store));
  app.use(metricsRoutes(metrics, parts.metricsReaders ?? 'off', addressOf));
  app.use(answerNotFound);
  app.use(answerProblems(log, addressOf));
  return app;
}

/** RFC 9112, section 3.2; HTTP/1.0 had none. */
const requireHost: RequestHandler = ({ headers, httpVersion }, _response, next) => {
  if (headers.host === undefined && httpVersion !== '1.0')
    throw new ProblemError('bad-request', 'Say in the Host header whom you dialled.');
  next();
};

/** Behind a proxy on this machine that nobody said to trust, all callers are this machine, which nothing limits: told once. */
function tellOfProxy(log: Logger): RequestHandler {
  let isTold = false;
  return (request, _response, next) => {
    if (!isTold && isForwarded(request) && isLoopback(request.socket.remoteAddress ?? '')) {
      isTold = true;
      log.warn(
        'a proxy on this machine hands requests on: every caller has its address and no limit. Say --trust-proxy 1.',
      );
    }
    next();
  };
}

/** For browsers that were led here: nothing that is answered is run, framed, or read by another site, or kept. */
function closedHeaders(isSecure: boolean): RequestHandler {
  const decide = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    },
    // What else the domain has is not ours to decide about.
    strictTransportSecurity: isSecure && { includeSubDomains: false },
    // Of pages and of old browsers; what is answered here is JSON.
    xDnsPrefetchControl: false,
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
    originAgentCluster: false,
    crossOriginOpenerPolicy: false,
  });
  const headers = decidedOnce(decide);
  // Presence is true for a moment only, and nothing here is a page.
  headers.set('Cache-Control', 'no-store');
  return (_request, response, next) => {
    response.setHeaders(headers);
    next();
  };
}

/** The same for every request, so that they are asked for once: this runs before each answer. */
function decidedOnce(decide: ReturnType<typeof helmet>): Map<string, string> {
  const request = new IncomingMessage(new Socket());
  const response = new ServerResponse(request);
  decide(request, response, (error) => {
    if (error !== undefined) throw error;
  });
  return new Map(response.getHeaderNames().map((name) => [name, String(response.getHeader(name))]));
}
