// /metrics: the counts in the text format of Prometheus, for this machine, for everybody, or for nobody.

import { Router } from 'express';
import { type AddressOf, isForwarded } from '../clientAddress.ts';
import type { Metrics } from '../metrics.ts';
import { onlyMethods, ProblemError } from '../problem.ts';
import { isLoopback } from '../rateLimit.ts';

export const METRICS_READERS = ['local', 'all', 'off'] as const;
export type MetricsReaders = (typeof METRICS_READERS)[number];

export function metricsRoutes(metrics: Metrics, readers: MetricsReaders, addressOf: AddressOf): Router {
  const router = Router({ caseSensitive: true, strict: true });
  if (readers === 'off') return router;
  router.get('/metrics', async (request, response) => {
    // A proxy on this machine speaks for others.
    const isOurs = isLoopback(addressOf(request) ?? '') && !isForwarded(request);
    if (readers === 'local' && !isOurs) {
      throw new ProblemError('not-found', 'The metrics are for the machine of the registry.');
    }
    response.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
  router.all('/metrics', onlyMethods('GET', 'HEAD'));
  return router;
}
