// A store that says what has changed in it: who registered, who signed off. The change is in the store before it is announced.

import type { Millis } from '../../src/base/clock.ts';
import { LEASE_MS, type PeerRecord } from '../../src/contract/registry.ts';
import type { NameKeys } from '../nameKeys.ts';
import type {
  Claim,
  DirectoryPage,
  PageQuery,
  RegisterOutcome,
  Registration,
  ReleaseOutcome,
  SignOffOutcome,
  Store,
  StoredPeer,
} from '../store/store.ts';
import { type Holder, placesOf } from './presenceNews.ts';

export interface Announcement {
  readonly sortKey: string;
  /** Undefined: look it up. */
  readonly holder?: Holder;
  /** Nobody had the name before. */
  readonly isNew?: boolean;
}

export class AnnouncingStore implements Store {
  readonly classic: Store['classic'];
  readonly #store: Store;
  readonly #announce: (announcement: Announcement) => void;

  constructor(store: Store, announce: (announcement: Announcement) => void) {
    this.classic = store.classic;
    this.#store = store;
    this.#announce = announce;
  }

  async register(registration: Registration, now: Millis): Promise<RegisterOutcome> {
    const outcome = await this.#store.register(registration, now);
    if (outcome.kind === 'created' || outcome.kind === 'refreshed') {
      const { fingerprint, record, keys } = registration;
      const seen = { lastSeenAt: now, leaseUntil: now + LEASE_MS };
      const holder = { name: record.name, fingerprint, places: placesOf(record), ...seen };
      this.#announce({ sortKey: keys.sortKey, holder, isNew: outcome.kind === 'created' });
    }
    return outcome;
  }

  async signOff(claim: Claim, now: Millis): Promise<SignOffOutcome> {
    const outcome = await this.#store.signOff(claim, now);
    if (outcome.kind === 'signedOff') this.#announce({ sortKey: claim.keys.sortKey });
    return outcome;
  }

  async release(claim: Claim, now: Millis): Promise<ReleaseOutcome> {
    const outcome = await this.#store.release(claim, now);
    if (outcome.kind === 'released') this.#announce({ sortKey: claim.keys.sortKey });
    return outcome;
  }

  find(keys: NameKeys, now: Millis): Promise<StoredPeer | undefined> {
    return this.#store.find(keys, now);
  }

  page(query: PageQuery, now: Millis): Promise<DirectoryPage> {
    return this.#store.page(query, now);
  }

  ping(): Promise<void> {
    return this.#store.ping();
  }

  close(): Promise<void> {
    return this.#store.close();
  }
}

export function holderOf({ recordText, fingerprint, lastSeenAt, leaseUntil }: StoredPeer): Holder {
  const record = JSON.parse(recordText) as PeerRecord;
  return { name: record.name, fingerprint, places: placesOf(record), lastSeenAt, leaseUntil };
}
