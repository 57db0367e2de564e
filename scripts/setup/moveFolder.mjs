// Puts a folder that is ready in its place.
import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';

/** Of a place that is taken; and of what somebody has open, as Windows says it. */
const REFUSED = new Set(['ENOTEMPTY', 'EEXIST', 'EPERM', 'EACCES', 'EBUSY']);
const PAUSE_MS = 100;
/** A virus scanner looks at thousands of files that were written a moment ago; npm waits as long. */
const PATIENCE_MS = 60_000;

/**
 * False where something is in the way. Where nothing is, whoever has a file of the folder open on Windows is waited for.
 * @param {string} place @param {string} folder
 */
export async function movesTo(place, folder) {
  for (let waitedMs = 0; ; waitedMs += PAUSE_MS) {
    try {
      await rename(folder, place);
      return true;
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (REFUSED.has(code) && existsSync(place)) return false;
      if (!REFUSED.has(code) || waitedMs >= PATIENCE_MS) throw error;
    }
    await setTimeout(PAUSE_MS);
  }
}
