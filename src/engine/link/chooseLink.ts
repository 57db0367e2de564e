// Which of two links with one peer stays.

import type { Millis } from '../../base/clock.ts';
import type { Fingerprint } from '../../contract/fingerprint.ts';
import { CROSSING_MS } from './params.ts';

/** A link that is up. */
export interface LinkFacts {
  readonly dialledBy: 'me' | 'peer';
  /** From the peer's hello. */
  readonly instance: string;
  /** On my clock. */
  readonly upAt: Millis;
}

/**
 * What to do about two links, `older` having come up first here: close one of them (`end` with `duplicate`), or `theirs`:
 * keep both until the peer closes one.
 *
 * Where both ends are of the same engines, only the one with the lower fingerprint chooses. The two see the links come up
 * at different times and in different order, so two choices could each end the link that the other keeps.
 */
export function chooseLink(
  older: LinkFacts,
  newer: LinkFacts,
  me: Fingerprint,
  peer: Fingerprint,
): 'closeOlder' | 'closeNewer' | 'theirs' {
  // They started again: the older link ends in an engine that is gone.
  if (older.instance !== newer.instance) return 'closeOlder';
  if (me > peer) return 'theirs';
  const isCrossing = newer.upAt - older.upAt <= CROSSING_MS && older.dialledBy !== newer.dialledBy;
  return isCrossing && older.dialledBy === 'me' ? 'closeNewer' : 'closeOlder';
}
