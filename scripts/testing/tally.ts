// What a mocha run came to, written to a file: the numbers that `npm test` adds up, whatever process the run was in.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Runner } from 'mocha';

export interface Tally {
  readonly passed: number;
  readonly failed: number;
  /** Tests that were skipped or have no body. */
  readonly pending: number;
}

/** Follows a run that has not begun, and writes its tally when it ends. A hook that fails counts as a failed test. */
export function recordTally(runner: Runner, file: string): void {
  const counts = { passed: 0, failed: 0, pending: 0 };
  runner.on('pass', () => {
    counts.passed++;
  });
  runner.on('fail', () => {
    counts.failed++;
  });
  runner.on('pending', () => {
    counts.pending++;
  });
  runner.on('end', () => {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, `${JSON.stringify(counts satisfies Tally)}\n`);
  });
}
