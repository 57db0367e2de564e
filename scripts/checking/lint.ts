// Lint and format of the whole checkout, by Biome. A warning counts: nobody reads those that stay.
import path from 'node:path';
import { runProgram } from '../run/runProgram.ts';
import { modules, root } from '../setup/places.mjs';
import type { CheckResult } from './result.ts';

export async function checkLint(): Promise<CheckResult> {
  const biome = path.join(modules, '@biomejs', 'biome', 'bin', 'biome');
  const args = [biome, 'ci', '--error-on-warnings', '--colors=off', '.'];
  const { code, output } = await runProgram(process.execPath, args, { cwd: root });
  return { name: 'lint and format are clean', passed: code === 0, report: output.trim() };
}
