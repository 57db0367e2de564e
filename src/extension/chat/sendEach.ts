// Several files at once: one that cannot be sent keeps no other from going, and is told of in the end.

import { type FailureCode, FailureError } from '../../contract/failure.ts';
import { Cancelled } from './patiently.ts';

const NO_ENGINE: ReadonlySet<FailureCode> = new Set(['engineGone', 'engineEnded']);

/** A person reads no more notices than these at once. */
export const MAX_TOLD = 3;

export interface Telling {
  tell(error: unknown): void;
  /** What else went wrong, in one notice. */
  tellMore(errors: readonly unknown[]): void;
}

/**
 * Sends each in turn. Throws the first failure, once all have had their turn and others were told of; what reads the same is told
 * of once. Ends early where the engine is gone, for which each would wait anew, at a bug, and where the person has cancelled it.
 */
export async function sendEach<Item>(
  items: readonly Item[],
  send: (item: Item) => Promise<void>,
  { tell, tellMore }: Telling,
): Promise<void> {
  const [first, ...others] = await errorsOf(items, send);
  if (first === undefined) return;
  for (const each of others.slice(0, MAX_TOLD - 1)) tell(each);
  const more = others.slice(MAX_TOLD - 1);
  if (more.length > 0) tellMore(more);
  throw first;
}

async function errorsOf<Item>(
  items: readonly Item[],
  send: (item: Item) => Promise<void>,
): Promise<unknown[]> {
  const errors = new Map<string, unknown>();
  for (const item of items) {
    try {
      await send(item);
    } catch (error) {
      if (error instanceof Cancelled) break;
      const text = String(error);
      if (!errors.has(text)) errors.set(text, error);
      if (!concernsOne(error)) break;
    }
  }
  return [...errors.values()];
}

function concernsOne(error: unknown): boolean {
  return error instanceof FailureError && !NO_ENGINE.has(error.failure.code);
}
