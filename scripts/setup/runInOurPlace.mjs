// Runs a program as if it were this process: it has our terminal, gets our signals, and its exit code becomes ours.
import { spawn } from 'node:child_process';
import os from 'node:os';
import { SetupError } from './setupError.mjs';

/** @type {NodeJS.Signals[]} */
const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const PARENT_POLL_MS = 500;

/**
 * @param {string} command
 * @param {string[]} args
 * @param {{ env: NodeJS.ProcessEnv, cwd?: string, shell?: boolean }} options
 * @returns {Promise<number>} the exit code; 128 + the signal's number where a signal ended it
 */
export function runInOurPlace(command, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', ...options });
    const stopForwarding = forwardSignals(child);
    child.once('error', (cause) => {
      stopForwarding();
      const hint = 'Is it installed and on the PATH?';
      reject(new SetupError(`Could not start ${command}: ${cause.message}. ${hint}`, { cause }));
    });
    child.once('exit', (code, signal) => {
      stopForwarding();
      resolve(code ?? 128 + (signal ? os.constants.signals[signal] : 0));
    });
  });
}

/** @param {import('node:child_process').ChildProcess} child */
function forwardSignals(child) {
  /** @param {NodeJS.Signals} signal */
  const forward = (signal) => {
    child.kill(signal);
  };
  for (const signal of FORWARDED) process.on(signal, forward);
  const watch = watchNpm(() => forward('SIGTERM'));
  return () => {
    clearInterval(watch);
    for (const signal of FORWARDED) process.removeListener(signal, forward);
  };
}

/**
 * npm runs us in a shell that does not pass on the signal that ends it: that our parent has gone is all we hear of it.
 * @param {() => void} onGone
 */
function watchNpm(onGone) {
  if (!process.env.npm_lifecycle_event) return undefined;
  const parent = process.ppid;
  return setInterval(() => {
    if (process.ppid !== parent) onGone();
  }, PARENT_POLL_MS);
}
