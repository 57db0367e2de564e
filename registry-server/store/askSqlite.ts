// Asks the embedded store, and tells a disk or another process that is in the way for now from a bug.

import { StoreAway } from './store.ts';

/** SQLITE_BUSY, LOCKED, READONLY, IOERR, FULL, CANTOPEN. */
const AWAY_CODES = new Set([5, 6, 8, 10, 13, 14]);

export function askSqlite<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof Error && 'errcode' in error && AWAY_CODES.has(Number(error.errcode) & 0xff)) {
      throw new StoreAway(error.message, { cause: error });
    }
    throw error;
  }
}
