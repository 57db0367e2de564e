// Gives a file its name, also where another program looks at it just then (base/heldFile.ts).

import { rename as renameNow } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import type { Millis } from '../../base/clock.ts';
import { mayBeHeld } from '../../base/heldFile.ts';
import { fail } from '../../contract/failure.ts';
import type { Abort } from '../../contract/rpc.ts';

/** Most let go at once; some scanners take most of a minute, so that npm and editors wait for that long, too. */
const PATIENCE_MS: Millis = 60_000;
const FIRST_PAUSE_MS: Millis = 10;
const LONGEST_PAUSE_MS: Millis = 500;

export interface Host {
  readonly platform: NodeJS.Platform;
  pause(ms: Millis): Promise<unknown>;
}

export interface Patience extends Host {
  /** Somebody may look at it for so long. */
  readonly patienceMs: Millis;
  /** It is to have no name any more: no try begins after that. */
  readonly abort: Abort;
  /** Each try. */
  rename(from: string, to: string): Promise<void>;
}

/**
 * Takes the place of what is at `to`. Rejects with the system's error: at once, or after `patienceMs` (a minute) where it may be somebody's
 * look; with engineGone after `abort`.
 */
export async function patientRename(
  from: string,
  to: string,
  options: Partial<Patience> = {},
): Promise<void> {
  const { platform = process.platform, pause = setTimeout, patienceMs = PATIENCE_MS, abort } = options;
  const { rename = renameNow } = options;
  for (let waitedMs = 0, pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(LONGEST_PAUSE_MS, 2 * pauseMs)) {
    if (abort?.aborted) throw fail('engineGone', {});
    try {
      return await rename(from, to);
    } catch (error) {
      if (!mayBeHeld(error, platform) || waitedMs >= patienceMs) throw error;
    }
    await pause(pauseMs);
    waitedMs += pauseMs;
  }
}
