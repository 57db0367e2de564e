// `npm test`: every check and every test there is, with what they need from the system. `--only NAME` runs one part (and the
// build where that part needs it). The last line is the sum; the exit code says whether all passed.
import { parseArgs } from 'node:util';
import { endOnSignals } from './run/background.ts';
import type { Stage } from './testing/stage.ts';
import { stages } from './testing/stages.ts';

const NEEDS_BUILD = new Set(['unit', 'editor', 'ui']);

endOnSignals();
const { values } = parseArgs({ options: { only: { type: 'string' } } });
let passed = 0;
let failed = 0;
for (const stage of chosen(values.only)) {
  const result = await runTimed(stage);
  passed += result.passed;
  failed += result.failed;
}
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
console.log(`${passed} passed, ${failed} failed`);

function chosen(only: string | undefined): readonly Stage[] {
  if (!only) return stages;
  const found = stages.filter(({ name }) => name === only || (name === 'build' && NEEDS_BUILD.has(only)));
  if (found.some(({ name }) => name === only)) return found;
  console.error(`There is no part ${only}. There are: ${stages.map(({ name }) => name).join(', ')}.`);
  process.exit(2);
}

/** A part that throws counts as one failure, and the next ones run all the same. */
async function runTimed(stage: Stage): ReturnType<Stage['run']> {
  console.log(`\n== ${stage.name}`);
  const startedAt = performance.now();
  const result = await stage.run().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    return { passed: 0, failed: 1 };
  });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`== ${stage.name}: ${result.passed} passed, ${result.failed} failed in ${seconds} s`);
  return result;
}
