// When the next notice of a lane may come.

import type { Notice } from './notice.ts';

/** Each resolves when it has come to that; none of them rejects. */
export interface Turn {
  /** The notification was answered or closed. */
  readonly closed: Promise<unknown>;
  /** The editor has taken it off the screen. */
  readonly offScreen: Promise<unknown>;
  /** The question has its answer, here or in another place, or whoever asked has gone. */
  readonly settled: Promise<unknown>;
}

/**
 * Closed, off the screen or settled, whichever is first. But whoever wants to connect is mostly a stranger, and strangers must not
 * nag: after one of them no other is seen until that question is settled; the rest stand in the tree. Nor before the notification
 * has gone, which no extension can take away: the next one would stand beside it.
 */
export async function turnOver(kind: Notice['kind'], { closed, offScreen, settled }: Turn): Promise<void> {
  const gone = Promise.race([closed, offScreen]);
  await (kind === 'connection' ? Promise.all([gone, settled]) : Promise.race([gone, settled]));
}
