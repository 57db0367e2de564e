// What course clients leave at the registry (routes/classic): records without a key, marked by being kept apart from all others.
// Each dialect has its own names, as the real registries have: their clients could not talk to each other.

import type { Millis } from '../../src/base/clock.ts';
import type { NameKeys } from '../nameKeys.ts';

/** A record is forgotten so long after it was last registered: nobody refreshes it, and nobody can prove that it is theirs. */
export const CLASSIC_MS = 24 * 3_600_000;
/** In each dialect. Anybody may register anything, so that the oldest makes room; a course has far fewer. */
export const MAX_CLASSIC_NAMES = 1_000;

export const CLASSIC_DIALECTS = ['s0', 's1', 's2', 's4'] as const;
export type ClassicDialect = (typeof CLASSIC_DIALECTS)[number];

export interface ClassicName {
  readonly dialect: ClassicDialect;
  /** Exactly as the client wrote it: `Ali` is not `ali`. */
  readonly name: string;
  /** Which keyed name it would be taken for. */
  readonly keys: NameKeys;
}

export interface ClassicRegistration extends ClassicName {
  /** What its dialect keeps of the address, in its own words. */
  readonly place: string;
  /** Whether a record that is there must stay: the dialect has no updates. */
  readonly isOnce: boolean;
}

export type ClassicOutcome =
  | 'registered'
  /** The name, or one that looks the same, belongs to a key. */
  | 'bound'
  /** `isOnce`, and there is one. */
  | 'held';

export interface ClassicRecords {
  /** One step. A keyed registration, the other way, takes the classic records of its name away in its own step. */
  register(registration: ClassicRegistration, now: Millis): Promise<ClassicOutcome>;
  /** The place of exactly this name. */
  find(name: ClassicName, now: Millis): Promise<string | undefined>;
  /** All, at most MAX_CLASSIC_NAMES, in the order in which they were last registered. */
  names(dialect: ClassicDialect, now: Millis): Promise<string[]>;
}
