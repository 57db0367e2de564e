// `npm run check`: types, lint and format, walls. Ends with code 1 where one of them does not hold.
import { checkLint } from './checking/lint.ts';
import type { CheckResult } from './checking/result.ts';
import { checkTypes } from './checking/types.ts';
import { checkWalls } from './checking/walls.ts';

/** All checks, told as they end. None keeps another from running. */
export async function runChecks(): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const check of [checkTypes, checkLint, checkWalls]) {
    const result = await check();
    console.log(`  ${result.passed ? '✔' : '✘'} ${result.name}`);
    if (!result.passed) console.log(result.report);
    results.push(result);
  }
  return results;
}

if (import.meta.main) {
  const results = await runChecks();
  process.exitCode = results.every((result) => result.passed) ? 0 : 1;
}
