// Runs a system command and answers what it printed.

import { spawnSync } from 'node:child_process';

const LIMIT_MS = 20_000;

/** Throws with what the command said. */
export function command(name: string, ...args: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(name, args, { encoding: 'utf8', timeout: LIMIT_MS });
  if (status === 0) return stdout;
  throw new Error(`${name} ${args.join(' ')}: ${error?.message ?? stderr.trim()}`);
}

/** For tidying up, where what is to go may be gone. */
export function commandIfPossible(name: string, ...args: string[]): void {
  spawnSync(name, args, { stdio: 'ignore', timeout: LIMIT_MS });
}
