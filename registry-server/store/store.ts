// What the registry remembers, as one interface with two implementations (SQLite file, Redis) that one suite holds.
// Every call gets the time; a store reads no clock. Every call may fail with StoreAway, and with nothing else but bugs.

import type { Millis } from '../../src/base/clock.ts';
import { MAX_SKEW_MS, type PeerRecord } from '../../src/contract/registry.ts';
import type { NameKeys } from '../nameKeys.ts';
import type { ClassicRecords } from './classicRecords.ts';

/** Who says something about a name, and when: already checked against the signature. */
export interface Claim {
  readonly keys: NameKeys;
  readonly fingerprint: string;
  /** The signer's clock; must be later than at the claim before, so that nothing can be replayed. */
  readonly signedAt: Millis;
}

export interface Registration extends Claim {
  readonly record: PeerRecord;
  readonly signature: string;
  readonly observedAddress: string;
}

/** Why a claim changes nothing. */
export type Refusal =
  /** The name, or one that looks the same, belongs to another key. `name` is as its owner writes it. */
  | { readonly kind: 'taken'; readonly name: string; readonly freeAt: Millis }
  | { readonly kind: 'stale'; readonly newerThan: Millis };

export type RegisterOutcome = { readonly kind: 'created' } | { readonly kind: 'refreshed' } | Refusal;
export type SignOffOutcome = { readonly kind: 'signedOff' } | { readonly kind: 'unknown' } | Refusal;

export type ReleaseOutcome = { readonly kind: 'released' } | { readonly kind: 'unknown' } | Refusal;

export interface Presence {
  readonly fingerprint: string;
  readonly lastSeenAt: Millis;
  /** Online until then. */
  readonly leaseUntil: Millis;
}

export interface StoredPeer extends Presence {
  /** A PeerRecord as JSON, as it was registered: it is handed on and not looked into. */
  readonly recordText: string;
  readonly signature: string;
  readonly observedAddress: string;
}

export interface DirectoryEntry extends Presence {
  readonly name: string;
}

export interface PageQuery {
  /** Sort keys that start with this; empty for all. */
  readonly prefix: string;
  /** Only what comes after this sort key. */
  readonly after: string | undefined;
  readonly limit: number;
}

export interface DirectoryPage {
  /** At most `limit`, in the order of the sort keys; fewer when some have just lapsed. */
  readonly entries: readonly DirectoryEntry[];
  /** The last sort key looked at, while there is more. */
  readonly next: string | undefined;
}

export interface Store {
  readonly classic: ClassicRecords;
  /** Takes the name or refreshes it, in one step: of two keys that want one name at one moment, one gets it. */
  register(registration: Registration, now: Millis): Promise<RegisterOutcome>;
  /** Ends the lease; the name stays bound. One step. */
  signOff(claim: Claim, now: Millis): Promise<SignOffOutcome>;
  /**
   * Gives the name back: anybody may take it, but for TOMBSTONE_MS only with a claim signed after this one, so that nothing
   * said before can be said again. One step.
   */
  release(claim: Claim, now: Millis): Promise<ReleaseOutcome>;
  /** The peer of exactly this sort key: a look-alike is not found in its place. */
  find(keys: NameKeys, now: Millis): Promise<StoredPeer | undefined>;
  page(query: PageQuery, now: Millis): Promise<DirectoryPage>;
  /** Resolves while the store answers. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** The store cannot be asked now; the same request may succeed later. */
export class StoreAway extends Error {
  /** It has no connection, which whoever holds that tells. Else it refuses, or does not answer in time. */
  readonly isCutOff: boolean;

  constructor(detail: string, options: ErrorOptions & { readonly isCutOff?: boolean } = {}) {
    super(detail, options);
    this.name = 'StoreAway';
    this.isCutOff = options.isCutOff ?? false;
  }
}

/**
 * How long the time of a release is kept. It was signed at most MAX_SKEW_MS in the future, and what was signed before it is
 * refused for its age MAX_SKEW_MS after that. One for each name, so a name cannot pile them up.
 */
export const TOMBSTONE_MS = 2 * MAX_SKEW_MS + 1_000;

/** How many lapsed names one registration clears away. It adds at most one, so lapsed names never pile up. */
export const SWEEP_STEP = 16;
