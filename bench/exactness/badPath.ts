// One direction of a network of any bad kind.

import type { Conditions } from '../../test/support/lossyNetwork.ts';

export function badPath(random: () => number): Conditions {
  return {
    latencyMs: 60 * random(),
    jitterMs: 20 * random() * random(),
    loss: 0.3 * random(),
    bursts: { share: 0.02 * random(), length: 6 },
    duplicate: 0.2 * random(),
    reorder: 0.2 * random(),
    corrupt: 0.05 * random(),
    bytesPerMs: 300 + 50_000 * random(),
    queueBytes: 20_000 + 500_000 * random(),
    ...(random() < 0.3 ? { mtuBytes: 1200 + Math.floor(260 * random()) } : {}),
  };
}
