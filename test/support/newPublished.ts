// What windows of an engine are shown before anything has happened.

import type { Me } from '../../src/contract/state.ts';
import { Published } from '../../src/engine/windows/published.ts';
import { fingerprintOf } from '../engine/store/support.ts';

export function newPublished(fingerprint = fingerprintOf('e')): Published {
  const me: Me = { fingerprint, name: 'me', addresses: [] };
  const registry = { kind: 'off' } as const;
  return new Published({ revision: 0, me, registry, peers: {}, transfers: {}, conversations: {} });
}
