// /healthz: whether this process can do its work now, for balancers and for whoever started it.

import { Router } from 'express';
import { onlyMethods } from '../problem.ts';
import type { Store } from '../store/store.ts';

export function healthRoutes(store: Store): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.get('/healthz', async (_request, response) => {
    await store.ping();
    response.json({ status: 'ok' });
  });
  router.all('/healthz', onlyMethods('GET', 'HEAD'));
  return router;
}
