// The programs of a part of `npm test`: Node programs that write a tally each.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { root } from '../setup/places.mjs';
import type { StageResult } from './stage.ts';
import type { Tally } from './tally.ts';

export interface Program {
  /** For its heading and its files in test-results/. */
  readonly name: string;
  readonly args: readonly string[];
}

interface Verdict extends StageResult {
  /** Why there are more failures than its tally tells. */
  readonly words?: string;
  /** Its own words, where they were kept. */
  readonly said?: string;
}

const END_MS = 10_000;
/** Most of their time is waiting; but on one core they run one after the other. */
const AT_ONCE = Math.floor(1.5 * availableParallelism());

/**
 * Adds up what they come to. They run beside each other, and what the first says is shown as it comes; what the others say is kept
 * in NAME.log, and shown when all before them have ended.
 * @param timeoutMs for all together; those that run then are asked to end, and then made to
 * @param atOnce each begins when the one so many before it has ended
 */
export async function runTallied(
  programs: readonly Program[],
  timeoutMs: number,
  atOnce = AT_ONCE,
): Promise<StageResult> {
  const endsAt = performance.now() + timeoutMs;
  const begun: { readonly name: string; readonly verdict: Promise<Verdict> }[] = [];
  for (const [index, program] of programs.entries()) {
    const runIt = index === 0 ? runShown : runKept;
    const verdict = Promise.resolve(begun[index - atOnce]?.verdict).then(() => runIt(program, endsAt));
    begun.push({ name: program.name, verdict });
  }
  const sum = { passed: 0, failed: 0 };
  for (const { name, verdict } of begun) {
    if (begun.length > 1) console.log(`\n-- ${name}`);
    const { said, words, passed, failed } = await verdict;
    if (said) process.stdout.write(said);
    if (words) console.error(`${name}: ${words}`);
    sum.passed += passed;
    sum.failed += failed;
  }
  return sum;
}

function runShown(program: Program, endsAt: number): Promise<Verdict> {
  return run(program, 'inherit', endsAt);
}

async function runKept(program: Program, endsAt: number): Promise<Verdict> {
  const file = resultFile(program.name, 'log');
  await mkdir(path.dirname(file), { recursive: true });
  const log = await open(file, 'w');
  const verdict = await run(program, log.fd, endsAt);
  await log.close();
  return { ...verdict, said: await readFile(file, 'utf8') };
}

async function run(program: Program, output: 'inherit' | number, endsAt: number): Promise<Verdict> {
  await rm(tallyFile(program.name), { force: true });
  const code = await codeOf(program, output, endsAt);
  return judge(code, await readTally(tallyFile(program.name)));
}

/** -1 where it did not end by itself. */
async function codeOf({ name, args }: Program, output: 'inherit' | number, endsAt: number): Promise<number> {
  const child = spawn(process.execPath, [...args], { cwd: root, stdio: ['ignore', output, output] });
  const leftMs = Math.max(0, endsAt - performance.now());
  const ask = setTimeout(() => {
    console.error(`${name} did not end in time and is stopped.`);
    child.kill('SIGTERM');
  }, leftMs);
  const force = setTimeout(() => child.kill('SIGKILL'), leftMs + END_MS);
  const endWithUs = () => child.kill('SIGTERM');
  process.once('exit', endWithUs);
  try {
    const [code] = (await once(child, 'exit')) as [number | null];
    return code ?? -1;
  } catch (error) {
    console.error(`${name} cannot be started: ${(error as Error).message}`);
    return -1;
  } finally {
    process.removeListener('exit', endWithUs);
    clearTimeout(ask);
    clearTimeout(force);
  }
}

/** Takes a tally's word only where the end of its program agrees. */
export function judge(code: number, tally: Tally | undefined): Verdict {
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

export function tallyFile(name: string): string {
  return resultFile(name, 'json');
}

function resultFile(name: string, kind: string): string {
  return path.join(root, 'test-results', `${name}.${kind}`);
}

async function readTally(file: string): Promise<Tally | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Tally;
  } catch {
    return undefined;
  }
}
