// What instances say over the bus, as text. All of them run this code or that of a neighbouring version: what is not
// understood is passed over, and the end of a lease repairs what was missed.

import * as v from 'valibot';
import { parseFingerprint } from '../../src/contract/fingerprint.ts';
import { MAX_SIGNAL_BYTES } from '../../src/contract/signal.ts';

const fingerprint = v.pipe(
  v.string(),
  v.check((text) => parseFingerprint(text) !== undefined),
);

const holder = v.object({
  name: v.string(),
  fingerprint: v.string(),
  lastSeenAt: v.number(),
  leaseUntil: v.number(),
});

/** On nameTopic and NEWCOMERS_TOPIC. */
export const NameNews = v.object({ sortKey: v.string(), holder: v.optional(holder) });
export type NameNews = v.InferOutput<typeof NameNews>;

/** On keyTopic. */
export const KeyNews = v.variant('kind', [
  v.object({
    kind: v.literal('signal'),
    from: fingerprint,
    body: v.pipe(v.string(), v.maxBytes(MAX_SIGNAL_BYTES)),
  }),
  /** The key has a new socket at this instance: those at others are of the past. */
  v.object({ kind: v.literal('moved'), instance: v.string() }),
  /** Only to learn whether anybody listens. */
  v.object({ kind: v.literal('knock') }),
]);
export type KeyNews = v.InferOutput<typeof KeyNews>;

/** Undefined for what is not of the shape. Total. */
export function parseNews<Schema extends v.GenericSchema>(
  schema: Schema,
  text: string,
): v.InferOutput<Schema> | undefined {
  try {
    const result = v.safeParse(schema, JSON.parse(text));
    return result.success ? result.output : undefined;
  } catch {
    return undefined;
  }
}
