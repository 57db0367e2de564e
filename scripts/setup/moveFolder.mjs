// Puts a folder that is ready in its place.
import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { isWindows } from './places.mjs';

/** Of a place that is taken. It may be free again when it is looked at: another command puts it aside. */
const TAKEN = new Set(['ENOTEMPTY', 'EEXIST']);
/** Windows says so of a place that is taken, too, and of what somebody has open. */
const HELD = new Set(['EPERM', 'EACCES', 'EBUSY']);
const PAUSE_MS = 100;
/** A virus scanner looks at thousands of files that were written a moment ago; npm waits as long. */
const PATIENCE_MS = 60_000;

/**
 * False where something is in the way. Where nothing is, whoever has a file of the folder open on Windows is waited for. Elsewhere
 * nothing comes of that: such a folder moves, and one that is mounted, as node_modules is in some containers, never does.
 * @param {string} place @param {string} folder
 */
export async function movesTo(place, folder, isPatient = isWindows) {
  for (let waitedMs = 0; ; waitedMs += PAUSE_MS) {
    try {
      await rename(folder, place);
      return true;
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      const isRefused = TAKEN.has(code) || HELD.has(code);
      if (isRefused && existsSync(place)) return false;
      const mayPass = TAKEN.has(code) || (isPatient && HELD.has(code));
      if (!mayPass || waitedMs >= PATIENCE_MS) throw error;
    }
    await setTimeout(PAUSE_MS);
  }
}
