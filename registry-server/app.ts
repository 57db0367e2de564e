// The registry as an Express application: who may call, the routes, and one answer to everything that goes wrong. No listen.

import express, { type Express, type RequestHandler } from 'express';
import type { Clock } from '../src/base/clock.ts';
import type { Logger } from '../src/base/logger.ts';
import { answerNotFound, answerProblems } from './problem.ts';
import { limitRate, type RateLimits } from './rateLimit.ts';
import { healthRoutes } from './routes/health.ts';
import { peerRoutes } from './routes/peers.ts';
import type { Store } from './store/store.ts';

export interface AppParts {
  readonly store: Store;
  /** Wall time: it is compared with the peers' own. */
  readonly clock: Clock;
  readonly limits: RateLimits;
  readonly log: Logger;
}

export function createApp({ store, clock, limits, log }: AppParts): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.enable('case sensitive routing');
  app.set('query parser', 'simple');
  app.use(plainHeaders);
  app.use(limitRate(limits, clock));
  app.use(healthRoutes(store));
  app.use(peerRoutes(store, clock));
  app.use(answerNotFound);
  app.use(answerProblems(log));
  return app;
}

/** Presence is true for a moment only, and nothing here is a page. */
const plainHeaders: RequestHandler = (_request, response, next) => {
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('X-Content-Type-Options', 'nosniff');
  next();
};
