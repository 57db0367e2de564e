// A file that another program looks at just then. Windows renames nothing that somebody has open, nor onto what is (MoveFileEx), and virus
// scanners and indexers open whatever was written a moment ago.

import type { Millis } from './clock.ts';

const FIRST_PAUSE_MS: Millis = 10;
const LONGEST_PAUSE_MS: Millis = 500;

/** What Windows says then. It says the same of a folder without permission, so that patience has an end. */
const HELD: ReadonlySet<unknown> = new Set(['EACCES', 'EBUSY', 'EPERM']);

/** Whether `error` of a rename may be somebody's look, which ends: `platform` as Node names it. */
export function mayBeHeld(error: unknown, platform: string): boolean {
  return platform === 'win32' && HELD.has((error as { readonly code?: unknown }).code);
}

export interface Host {
  /** As Node names it. */
  readonly platform: string;
  pause(ms: Millis): Promise<unknown>;
}

export interface Patience extends Host {
  /** No pause begins after so many. */
  readonly patienceMs: Millis;
}

/** As `rename` ends, which is tried again after each pause where it may be somebody's look. */
export async function renamePatiently(
  rename: () => Promise<void>,
  { platform, pause, patienceMs }: Patience,
): Promise<void> {
  for (let waitedMs = 0, pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(LONGEST_PAUSE_MS, 2 * pauseMs)) {
    try {
      return await rename();
    } catch (error) {
      if (!mayBeHeld(error, platform) || waitedMs >= patienceMs) throw error;
    }
    await pause(pauseMs);
    waitedMs += pauseMs;
  }
}
