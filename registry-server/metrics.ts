// What is counted while the registry runs, for Prometheus: no name, no address and no key in any label, and every label from
// a short list.

import type { RequestHandler } from 'express';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** The calls that there are, by the shape of their path; everything else is `other`. */
export type RouteLabel = 'peer' | 'peers' | 'health' | 'metrics' | 'other';

const ROUTES: readonly (readonly [start: string, route: RouteLabel])[] = [
  ['/v1/peers/', 'peer'],
  ['/v1/peers', 'peers'],
  ['/healthz', 'health'],
  ['/metrics', 'metrics'],
];
const METHODS = new Set(['GET', 'HEAD', 'PUT', 'DELETE', 'POST']);
export type StoreCall =
  | 'register'
  | 'signOff'
  | 'release'
  | 'find'
  | 'page'
  | 'ping'
  | 'classicRegister'
  | 'classicFind'
  | 'classicNames';

/** Seconds. A store call should stay below 20 ms. */
const BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1, 2.5];

export class Metrics {
  readonly registry = new Registry();
  readonly #requests = new Counter({
    name: 'hamta_registry_requests_total',
    help: 'Requests answered',
    labelNames: ['route', 'method', 'status'],
    registers: [this.registry],
  });
  readonly #requestSeconds = new Histogram({
    name: 'hamta_registry_request_seconds',
    help: 'From the head of a request to the end of its answer',
    labelNames: ['route'],
    buckets: BUCKETS,
    registers: [this.registry],
  });
  readonly #storeSeconds = new Histogram({
    name: 'hamta_registry_store_seconds',
    help: 'How long calls to the store took',
    labelNames: ['call'],
    buckets: BUCKETS,
    registers: [this.registry],
  });
  readonly #storeAway = new Counter({
    name: 'hamta_registry_store_away_total',
    help: 'Calls that the store could not answer',
    labelNames: ['call'],
    registers: [this.registry],
  });

  /** Of the process itself: memory, the event loop, file handles. Once in a process. */
  collectProcess(): void {
    collectDefaultMetrics({ register: this.registry });
  }

  /** A number that is asked for when somebody reads the metrics. `name` as Prometheus has them: `hamta_registry_sockets`. */
  gauge(name: string, help: string, read: () => number): void {
    new Gauge({ name, help, registers: [this.registry], collect: gaugeCollector(read) });
  }

  /** The same for a number that only grows, as long as the process lives. */
  total(name: string, help: string, read: () => number): void {
    new Counter({ name, help, registers: [this.registry], collect: totalCollector(read) });
  }

  countRequests(): RequestHandler {
    return (request, response, next) => {
      const startedAt = performance.now();
      response.on('finish', () => {
        const route = routeOf(request.path);
        const method = METHODS.has(request.method) ? request.method : 'other';
        this.#requests.inc({ route, method, status: response.statusCode });
        this.#requestSeconds.observe({ route }, (performance.now() - startedAt) / 1_000);
      });
      next();
    };
  }

  storeCalled(call: StoreCall, ms: number, isAway: boolean): void {
    this.#storeSeconds.observe({ call }, ms / 1_000);
    if (isAway) this.#storeAway.inc({ call });
  }
}

function gaugeCollector(read: () => number) {
  return function collect(this: { set(value: number): void }): void {
    this.set(read());
  };
}

function totalCollector(read: () => number) {
  return function collect(this: { reset(): void; inc(value: number): void }): void {
    this.reset();
    this.inc(read());
  };
}

function routeOf(path: string): RouteLabel {
  return ROUTES.find(([start]) => path.startsWith(start))?.[1] ?? 'other';
}
