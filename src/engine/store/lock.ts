// Who is the engine: one lock that at most one handle on this machine has, and that the system takes back from the dead.
//
// A database in exclusive mode locks itself in two steps (shared, then exclusive), so two that open it at the same
// instant can stop each other and both lose. A write transaction on a file of its own is one step: one of them wins.

import { DatabaseSync } from 'node:sqlite';
import { type Disposable, toDisposable } from '../../base/disposable.ts';
import { mapErrors } from './storeError.ts';

/** Takes the lock at once or throws StoreBusy. The file stays empty and stays behind; removing it would split the lock. */
export function takeLock(path: string): Disposable {
  const file = mapErrors(path, () => new DatabaseSync(path));
  try {
    // A journal on the disk would need a step of its own to be cleared away after a crash.
    mapErrors(path, () =>
      file.exec('PRAGMA busy_timeout = 0; PRAGMA journal_mode = MEMORY; BEGIN IMMEDIATE'),
    );
  } catch (error) {
    file.close();
    throw error;
  }
  return toDisposable(() => file.close());
}
