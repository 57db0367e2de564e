// The rules of a store in the plainest words, for names of which no two look alike: what the real ones are compared with.

import { sortKeyOf } from '../../../registry-server/nameKeys.ts';
import { TOMBSTONE_MS } from '../../../registry-server/store/store.ts';
import { BINDING_MS, LEASE_MS } from '../../../src/contract/registry.ts';

interface Held {
  readonly name: string;
  readonly key: string;
  readonly signedAt: number;
  readonly seenAt: number;
  readonly leaseUntil: number;
}

/** Each act answers the `kind` of its outcome. */
export class ModelStore {
  readonly #held = new Map<string, Held>();
  readonly #released = new Map<string, { readonly signedAt: number; readonly until: number }>();

  register(name: string, key: string, signedAt: number, now: number): string {
    const slot = sortKeyOf(name);
    const standing = this.#standing(slot, now);
    const refused = refusalOf(standing, key, signedAt);
    if (refused !== undefined) return refused;
    const released = this.#released.get(slot);
    const isBarred = released !== undefined && released.until >= now && signedAt <= released.signedAt;
    if (standing === undefined && isBarred) return 'stale';
    this.#held.set(slot, { name, key, signedAt, seenAt: now, leaseUntil: now + LEASE_MS });
    return standing === undefined ? 'created' : 'refreshed';
  }

  signOff(name: string, key: string, signedAt: number, now: number): string {
    const slot = sortKeyOf(name);
    const standing = this.#standing(slot, now);
    if (standing === undefined) return 'unknown';
    const refused = refusalOf(standing, key, signedAt);
    if (refused !== undefined) return refused;
    this.#held.set(slot, { ...standing, signedAt, seenAt: now, leaseUntil: now });
    return 'signedOff';
  }

  release(name: string, key: string, signedAt: number, now: number): string {
    const slot = sortKeyOf(name);
    const standing = this.#standing(slot, now);
    if (standing === undefined) return 'unknown';
    const refused = refusalOf(standing, key, signedAt);
    if (refused !== undefined) return refused;
    this.#held.delete(slot);
    this.#released.set(slot, { signedAt, until: now + TOMBSTONE_MS });
    return 'released';
  }

  /** In the order of the directory. */
  alive(now: number): Held[] {
    const alive = [...this.#held].filter(([slot]) => this.#standing(slot, now) !== undefined);
    return alive.sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b))).map(([, held]) => held);
  }

  #standing(slot: string, now: number): Held | undefined {
    const held = this.#held.get(slot);
    return held !== undefined && held.seenAt + BINDING_MS > now ? held : undefined;
  }
}

function refusalOf(standing: Held | undefined, key: string, signedAt: number): string | undefined {
  if (standing === undefined) return undefined;
  if (standing.key !== key) return 'taken';
  return signedAt <= standing.signedAt ? 'stale' : undefined;
}
