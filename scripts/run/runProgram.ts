// Runs a program to its end and gives what it said. For programs that stay, see background.ts.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly shell?: boolean;
  /** After this the program is ended and the run counts as failed. */
  readonly timeoutMs?: number;
  /** Shows the output while it comes, besides collecting it. */
  readonly echo?: boolean;
}

export interface Finished {
  /** -1 where a signal or the deadline ended the program. */
  readonly code: number;
  /** stdout and stderr in the order they came. */
  readonly output: string;
  readonly stdout: string;
}

const DEFAULT_TIMEOUT_MS = 5 * 60_000;

/** Rejects only where the program cannot be started. */
export async function runProgram(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Finished> {
  const { echo = false, timeoutMs = DEFAULT_TIMEOUT_MS, ...place } = options;
  const child = spawn(command, [...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: timeoutMs,
    ...place,
  });
  let output = '';
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    stdout += text;
    if (echo) process.stdout.write(text);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    if (echo) process.stderr.write(text);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code: code ?? -1, output, stdout };
}

/** The same for programs that must succeed: `what` and the end of the output go into the error. */
export async function runOrThrow(
  what: string,
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Finished> {
  const finished = await runProgram(command, args, options);
  if (finished.code === 0) return finished;
  throw new Error(`${what}: ${command} ended with code ${finished.code}.\n${lastLines(finished.output, 15)}`);
}

function lastLines(text: string, count: number): string {
  return text.trim().split('\n').slice(-count).join('\n');
}
