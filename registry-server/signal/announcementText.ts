// What instances say over the bus, as text that parseFrame reads. All of them run this code or that of a neighbouring version: what is not
// understood is passed over, and the end of a lease repairs what was missed.

import * as v from 'valibot';
import { FingerprintText, SignalBody } from '../../src/contract/signal.ts';

const holder = v.object({
  name: v.string(),
  fingerprint: v.string(),
  places: v.optional(v.string()),
  lastSeenAt: v.number(),
  leaseUntil: v.number(),
});

/** On nameTopic and NEWCOMERS_TOPIC. */
export const NameNews = v.object({ sortKey: v.string(), holder: v.optional(holder) });
export type NameNews = v.InferOutput<typeof NameNews>;

/** On keyTopic. */
export const KeyNews = v.variant('kind', [
  v.object({ kind: v.literal('signal'), from: FingerprintText, body: SignalBody }),
  /** The key has a new socket at this instance: those at others are of the past. */
  v.object({ kind: v.literal('moved'), instance: v.string() }),
  /** Only to learn whether anybody listens. */
  v.object({ kind: v.literal('knock') }),
]);
export type KeyNews = v.InferOutput<typeof KeyNews>;
