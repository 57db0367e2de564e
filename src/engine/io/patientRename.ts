// Gives a file its name, also where another program looks at it just then (base/heldFile.ts).

import { rename as renameNow } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import type { Millis } from '../../base/clock.ts';
import { type Patience, renamePatiently } from '../../base/heldFile.ts';
import { fail } from '../../contract/failure.ts';
import type { Abort } from '../../contract/rpc.ts';

/** Most let go at once; some scanners take most of a minute, so that npm and editors wait for that long, too. */
const PATIENCE_MS: Millis = 60_000;

export interface RenameOptions extends Patience {
  /** It is to have no name any more: no try begins after that. */
  readonly abort: Abort;
  /** Each try. */
  rename(from: string, to: string): Promise<void>;
}

/**
 * Takes the place of what is at `to`. Rejects with the system's error: at once, or after `patienceMs` (a minute) where it may be somebody's
 * look; with engineGone after `abort`.
 */
export function patientRename(from: string, to: string, options: Partial<RenameOptions> = {}): Promise<void> {
  const { platform = process.platform, pause = setTimeout, patienceMs = PATIENCE_MS } = options;
  const { abort, rename = renameNow } = options;
  const name = async () => {
    if (abort?.aborted) throw fail('engineGone', {});
    await rename(from, to);
  };
  return renamePatiently(name, { platform, pause, patienceMs });
}
