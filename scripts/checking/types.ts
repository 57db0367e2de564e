// Type-checks every group of files that has a tsconfig.json of its own: the groups are the walls that the compiler holds.
import { glob } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { runProgram } from '../run/runProgram.ts';
import { modules, root } from '../setup/places.mjs';
import type { CheckResult } from './result.ts';

const FOREIGN = new Set(['node_modules', 'dist', 'dist-test', '.vscode-test', 'test-results', '.git']);
/** A compiler takes some hundred megabytes: not more of them than this at once. */
const MOST_AT_ONCE = 4;

export async function checkTypes(): Promise<CheckResult> {
  const waiting = await groups();
  const failures: string[] = [];
  const work = async () => {
    for (let group = waiting.shift(); group; group = waiting.shift()) {
      const report = await errorsIn(group);
      if (report) failures.push(report);
    }
  };
  const count = waiting.length;
  await Promise.all(Array.from({ length: Math.min(MOST_AT_ONCE, os.availableParallelism()) }, work));
  const passed = count > 0 && failures.length === 0;
  const report = count > 0 ? failures.join('\n') : 'There is no tsconfig.json below this folder.';
  return { name: `the types of ${count} groups are right`, passed, report };
}

/** The folders that hold a tsconfig.json, relative to the checkout. */
async function groups(): Promise<string[]> {
  const files: string[] = [];
  const found = glob('*/**/tsconfig.json', {
    cwd: root,
    exclude: (name) => FOREIGN.has(path.basename(name)),
  });
  for await (const file of found) files.push(path.dirname(file));
  return files.sort();
}

async function errorsIn(group: string): Promise<string> {
  const compiler = path.join(modules, 'typescript', 'bin', 'tsc');
  const args = [compiler, '--noEmit', '--pretty', 'false', '-p', group];
  const { code, output } = await runProgram(process.execPath, args, { cwd: root });
  return code === 0 ? '' : output.trim() || `tsc ended with code ${code} for ${group}`;
}
