// What both stores write down of a registration, each field by the name that it has there (docs/registry.md).

import type { Millis } from '../../src/base/clock.ts';
import { LEASE_MS } from '../../src/contract/registry.ts';
import type { Registration } from './store.ts';

export type PeerFields = ReturnType<typeof peerFieldsOf>;

export function peerFieldsOf(registration: Registration, now: Millis) {
  const { keys, record, fingerprint, signature, observedAddress, signedAt } = registration;
  return {
    sortKey: keys.sortKey,
    name: record.name,
    fingerprint,
    record: JSON.stringify(record),
    signature,
    observedAddress,
    signedAt,
    seenAt: now,
    leaseUntil: now + LEASE_MS,
  };
}
