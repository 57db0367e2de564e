// The programs that the tests need and npm does not have: a browser, redis-server and two STUN clients. Where we may, we install
// them; else we say what to install.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { runOrThrow } from './run/runProgram.ts';

export interface SystemProgram {
  /** As a person calls it. */
  readonly name: string;
  /** The environment variable that names another place. */
  readonly variable: string;
  /** Absolute paths, or names to look for on the PATH; the first that exists is taken. */
  readonly places: readonly string[];
  readonly debianPackages: readonly string[];
  /** What to do where we cannot install it. */
  readonly advice: string;
}

export const chromium: SystemProgram = {
  name: 'Chromium',
  variable: 'CHROMIUM',
  places: [
    'chromium',
    'google-chrome',
    'google-chrome-stable',
    'chromium-browser',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  ],
  // With the font that draws reactions: without one, screenshots show boxes.
  debianPackages: ['chromium', 'fonts-noto-color-emoji'],
  advice: 'Install Chromium or Google Chrome, or set CHROMIUM to the path of one.',
};

export const redisServer: SystemProgram = {
  name: 'redis-server',
  variable: 'REDIS_SERVER',
  places: ['redis-server', '/opt/homebrew/bin/redis-server', '/usr/local/bin/redis-server'],
  debianPackages: ['redis-server'],
  advice: 'Install Redis (macOS: "brew install redis"), or set REDIS_SERVER to the path of a redis-server.',
};

/** A client of RFC 3489. */
export const stunClient: SystemProgram = {
  name: 'the STUN client "stun"',
  variable: 'STUN_CLIENT',
  places: ['stun'],
  debianPackages: ['stun-client'],
  advice: "Build vovida's STUN client, version 0.97, and set STUN_CLIENT to its path.",
};

/** coturn's client of RFC 8489 and 5780. Its server, which is in the same package, is neither used nor started. */
export const turnutilsStunClient: SystemProgram = {
  name: 'turnutils_stunclient',
  variable: 'TURNUTILS_STUNCLIENT',
  places: [
    'turnutils_stunclient',
    '/opt/homebrew/bin/turnutils_stunclient',
    '/usr/local/bin/turnutils_stunclient',
  ],
  debianPackages: ['coturn'],
  advice:
    'Install coturn (macOS: "brew install coturn"), or set TURNUTILS_STUNCLIENT to the path of its utility.',
};

const APT_MS = 10 * 60_000;

/** The program's path, or undefined where it is missing. A path in the variable is taken at its word. */
function findProgram(program: SystemProgram): string | undefined {
  const named = process.env[program.variable];
  if (named) return named;
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const candidates = program.places.flatMap((place) =>
    path.isAbsolute(place) ? [place] : folders.map((folder) => path.join(folder, place)),
  );
  return candidates.find((file) => existsSync(file));
}

/** The same for callers that cannot go on without it. */
export function requireProgram(program: SystemProgram): string {
  const found = findProgram(program);
  if (found) return found;
  throw new Error(`${program.name} was not found. ${installAdvice([program])}`);
}

/** Makes sure that all are there: on Debian and Ubuntu as root by apt-get; elsewhere it rejects, saying what to install. */
export async function ensurePrograms(programs: readonly SystemProgram[]): Promise<void> {
  const missing = programs.filter((program) => !findProgram(program));
  if (missing.length === 0) return;
  const names = missing.map((program) => program.name).join(' and ');
  if (!canUseApt()) throw new Error(`The tests need ${names}. ${installAdvice(missing)}`);
  console.log(`Installing ${names} (apt-get)…`);
  await aptInstall(missing);
  for (const program of missing) requireProgram(program);
}

function canUseApt(): boolean {
  return process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
}

async function aptInstall(programs: readonly SystemProgram[]): Promise<void> {
  const packages = programs.flatMap((program) => program.debianPackages);
  // No questions, and RUNLEVEL=1 keeps the packages from starting servers of their own on this machine.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const place = { env, timeoutMs: APT_MS };
  await runOrThrow('The list of Debian packages could not be fetched', 'apt-get', ['update', '-q'], place);
  const args = ['install', '-q', '-y', '--no-install-recommends', ...packages];
  await runOrThrow(`${packages.join(' and ')} could not be installed`, 'apt-get', args, place);
}

function installAdvice(programs: readonly SystemProgram[]): string {
  const packages = programs.flatMap((program) => program.debianPackages).join(' ');
  const debian = `On Debian or Ubuntu: "sudo apt-get install ${packages}".`;
  return [debian, ...programs.map((program) => program.advice)].join(' ');
}
