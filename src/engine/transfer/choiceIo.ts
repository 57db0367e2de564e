// What a CarrierChoice is told and what it asks for.

import type { CarrierKind } from '../../contract/transfer.ts';
import type { CarrierRates } from './carrierRates.ts';

export type ChoiceIn =
  /** First: a link is up. */
  | { readonly kind: 'start' }
  /** The carrier that is open has its connection. */
  | { readonly kind: 'connected' }
  /** A block came over the carrier that is open; the disk has it next. `cameAgain`: it has it already, so no try got anything by it. */
  | { readonly kind: 'block'; readonly bytes: number; readonly cameAgain?: boolean }
  /** So many bytes came of blocks that are not whole. */
  | { readonly kind: 'part'; readonly bytes: number }
  /** The disk has taken one. */
  | { readonly kind: 'written' }
  /** The sender's own disk is what it waits for, for a block or the digest: no carrier is to blame, and no rate says anything. */
  | { readonly kind: 'reading' }
  /** The session takes what comes. Until then it waits for what the one before it hands over, or for its thread: no carrier is to blame. */
  | { readonly kind: 'begun' }
  /** The carrier cannot be had, broke, or gave up by itself. */
  | { readonly kind: 'lost' }
  /** All is there: from now on no carrier is to blame for anything. */
  | { readonly kind: 'whole' }
  /** … but the word about it did not come: all over again. */
  | { readonly kind: 'unanswered' }
  | { readonly kind: 'time' };

export type ChoiceOut =
  /** Begin a session over this one; the session before has ended. `attempt` counts from 1 to MAX_ATTEMPTS. */
  | { readonly kind: 'open'; readonly carrier: CarrierKind; readonly attempt: number }
  /** A try is over: perhaps the link is dead, too, and nobody knows yet. */
  | { readonly kind: 'doubt' }
  /** The session that is open, or the word about all that is there, waits for the sender's disk: its own patience begins anew, too. */
  | { readonly kind: 'wait' }
  /** The last one: so many tries, and nothing came. */
  | { readonly kind: 'giveUp' };

export interface ChoiceOptions {
  /** Those that both ends have, the first choice first. */
  readonly carriers: readonly CarrierKind[];
  /** Of the whole file. */
  readonly sizeBytes: number;
  /** What is missing of it, in bytes. */
  readonly missingBytes: number;
  /** With this peer, of all transfers. */
  readonly rates: CarrierRates;
}
