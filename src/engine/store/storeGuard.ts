// For work that nobody waits for: a store that cannot be written (a full disk) holds that work up and ends no engine.

import type { Logger } from '../../base/logger.ts';
import { FailureError } from '../../contract/failure.ts';

/** Where the store says no, that is written down and `instead` is done. A bug is passed on. */
export function guarded(log: Logger, work: () => void, instead: () => void = () => undefined): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    log.warn(`has to wait: ${error.message}`);
    instead();
  }
}

/** The same for work that takes its time. Rejects for bugs alone. */
export async function guardedAsync(log: Logger, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    log.warn(`has to wait: ${error.message}`);
  }
}
