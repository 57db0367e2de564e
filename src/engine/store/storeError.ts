// The one place where SQLite's errors become ours.

import { fail } from '../../contract/failure.ts';
import { StoreBusy } from './storeBusy.ts';

/** Runs `action` on the file at `path`; throws what a person may meet as a FailureError, another holder as StoreBusy. */
export function mapErrors<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw storeErrorOf(error, path);
  }
}

/** Primary result codes, https://www.sqlite.org/rescode.html; their words are in contract/failure.ts. */
const BUSY = [5, 6];
const FULL = 13;
const UNUSABLE: Readonly<Record<number, string>> = {
  3: 'denied',
  8: 'readOnly',
  10: 'EIO',
  11: 'damaged',
  14: 'notOpened',
  26: 'noDatabase',
};

/** Anything that is neither is a bug and stays as it is. */
function storeErrorOf(error: unknown, path: string): unknown {
  const code = Number((error as { errcode?: unknown }).errcode ?? 0) & 0xff;
  if (BUSY.includes(code)) return new StoreBusy(path, error);
  if (code === FULL) return fail('diskFull', { path }, error);
  const detail = UNUSABLE[code];
  return detail === undefined ? error : fail('databaseUnusable', { path, detail }, error);
}
