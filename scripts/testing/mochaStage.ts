// A part of `npm test` that mocha runs in a process of its own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { modules, root } from '../setup/places.mjs';
import type { StageResult } from './stage.ts';
import type { Tally } from './tally.ts';

const END_MS = 10_000;

/** Runs the files that the patterns name, in one mocha. */
export function runMocha(name: string, args: readonly string[], timeoutMs: number): Promise<StageResult> {
  const mocha = path.join(modules, 'mocha', 'bin', 'mocha.js');
  const reporter = path.join('scripts', 'testing', 'tallyReporter.ts');
  const common = ['--forbid-only', '--reporter', reporter, '--reporter-option', `tally=${tallyFile(name)}`];
  return runTallied(name, [mocha, ...common, ...args], timeoutMs);
}

export function tallyFile(name: string): string {
  return path.join(root, 'test-results', `${name}.json`);
}

/** Runs a Node program that writes a tally. When the time is over it is asked to end, and then made to. */
export async function runTallied(
  name: string,
  args: readonly string[],
  timeoutMs: number,
): Promise<StageResult> {
  await rm(tallyFile(name), { force: true });
  const code = await runShown(args, timeoutMs);
  const { words, ...result } = judge(code, await readTally(tallyFile(name)));
  if (words) console.error(`${name}: ${words}`);
  return result;
}

/** Takes a tally's word only where the end of its program agrees; `words` say why there are more failures than it tells. */
export function judge(code: number, tally: Tally | undefined): StageResult & { readonly words?: string } {
  if (!tally) return { passed: 0, failed: 1, words: `it ended with code ${code} and without a result` };
  const { passed, pending } = tally;
  const failed = tally.failed + pending;
  if (passed + failed === 0) return { passed, failed: 1, words: 'it ran no test' };
  if (code !== 0 && failed === 0) {
    return { passed, failed: 1, words: `all tests passed but it ended with code ${code}` };
  }
  return pending > 0
    ? { passed, failed, words: `${pending} skipped tests count as failed` }
    : { passed, failed };
}

async function readTally(file: string): Promise<Tally | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Tally;
  } catch {
    return undefined;
  }
}

/** Its output is ours. */
async function runShown(args: readonly string[], timeoutMs: number): Promise<number> {
  const child = spawn(process.execPath, [...args], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  const ask = setTimeout(() => {
    console.error(`It did not end within ${timeoutMs / 60_000} minutes and is stopped.`);
    child.kill('SIGTERM');
  }, timeoutMs);
  const force = setTimeout(() => child.kill('SIGKILL'), timeoutMs + END_MS);
  const endWithUs = () => child.kill('SIGTERM');
  process.once('exit', endWithUs);
  const [code] = (await once(child, 'exit')) as [number | null];
  process.removeListener('exit', endWithUs);
  clearTimeout(ask);
  clearTimeout(force);
  return code ?? -1;
}
