// Makes node_modules be what package-lock.json says, by `npm ci`, and knows whether it already is. The install happens in a
// folder of its own that is then moved into place: one that is interrupted, fails, or runs beside another leaves what was
// there as it was. Where node_modules is a mount, which cannot move, that holds only until it is filled.
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { movesTo } from './moveFolder.mjs';
import { npmCommand, npmEnvironment } from './npm.mjs';
import { cacheDir, isInside, isWindows, modules, nodeIn, root } from './places.mjs';
import { runInOurPlace } from './runInOurPlace.mjs';
import { SetupError } from './setupError.mjs';

const STAGING = 'install-';
/** No install takes this long: a folder older than this was left by one that was killed. */
const ABANDONED_MS = 60 * 60_000;
/** Written last, inside node_modules: which lockfile, for which kind of machine. */
const STAMP = '.hamta-installed';

// Said in full, since a person's .npmrc or environment may say otherwise: nearly everything here is a devDependency, and the
// packages `node` and `esbuild` put their programs in place in install scripts.
const NPM_CI = ['ci', '--include=dev', '--ignore-scripts=false', '--global=false', '--dry-run=false'];
const QUIET = ['--no-audit', '--no-fund', '--loglevel=error'];

/** Returns at once when everything is there. */
export async function installPackages() {
  if (isInstalled()) return;
  console.log('Installing the packages of package-lock.json (npm ci)…');
  mkdirSync(cacheDir, { recursive: true });
  sweepAbandoned();
  const staging = mkdtempSync(path.join(cacheDir, STAGING));
  try {
    await installInto(staging);
    await moveIntoPlace(staging);
  } finally {
    rmSync(staging, { recursive: true, force: true, maxRetries: 3 });
  }
}

function sweepAbandoned() {
  for (const name of readdirSync(cacheDir)) {
    const folder = path.join(cacheDir, name);
    if (!name.startsWith(STAGING) || ageOf(folder) < ABANDONED_MS) continue;
    rmSync(folder, { recursive: true, force: true });
  }
}

/** In milliseconds; 0 where it has gone meanwhile. @param {string} folder */
function ageOf(folder) {
  const stats = statSync(folder, { throwIfNoEntry: false });
  return stats ? Date.now() - stats.mtimeMs : 0;
}

function isInstalled() {
  try {
    return readFileSync(path.join(modules, STAMP), 'utf8') === wantedStamp() && existsSync(nodeIn(modules));
  } catch {
    return false;
  }
}

function wantedStamp() {
  const lockfile = readFileSync(path.join(root, 'package-lock.json'));
  const hash = createHash('sha256').update(lockfile).digest('hex');
  return `${hash} ${process.platform}-${process.arch}\n`;
}

/** @param {string} staging */
async function installInto(staging) {
  const stamp = wantedStamp();
  for (const name of ['package.json', 'package-lock.json', '.npmrc']) {
    if (existsSync(path.join(root, name))) copyFileSync(path.join(root, name), path.join(staging, name));
  }
  const npm = npmCommand();
  const args = [...npm.args, ...NPM_CI, ...QUIET];
  const code = await runInOurPlace(npm.command, args, {
    cwd: staging,
    env: npmEnvironment(),
    shell: npm.shell,
  });
  refuseFailure(code, existsSync(nodeIn(path.join(staging, 'node_modules'))));
  writeFileSync(path.join(staging, 'node_modules', STAMP), stamp);
}

/** @param {number} code @param {boolean} hasNode */
function refuseFailure(code, hasNode) {
  if (code !== 0) {
    throw new SetupError(
      `npm ci ended with code ${code}, so the packages are not in place; its own words are above. If it could not reach the ` +
        'package registry, check the network, the proxy and "npm config get registry", then run the same command again.',
    );
  }
  if (hasNode) return;
  throw new SetupError(
    'npm ci ended well but did not run the install script of the package "node", which fetches Node 24. ' +
      'Allow install scripts for "node" and "esbuild" in your npm settings, then run the same command again.',
  );
}

/**
 * Where another command was faster, its packages stay: it may be running on them already.
 * @param {string} staging
 */
async function moveIntoPlace(staging) {
  const ready = path.join(staging, 'node_modules');
  if ((await movesTo(modules, ready)) || isInstalled()) return;
  stepAsideOnWindows();
  if (!(await isPutAside(path.join(staging, 'old')))) return fill(ready);
  await movesTo(modules, ready);
}

/** False where node_modules is a mount, as in some containers: its contents can change, it cannot move. @param {string} aside */
async function isPutAside(aside) {
  try {
    return await movesTo(aside, modules);
  } catch (error) {
    if (isWindows || !(error instanceof Error && 'code' in error && error.code === 'EBUSY')) throw error;
    return false;
  }
}

/**
 * The stamp goes first and comes last: a fill that is interrupted is done anew.
 * @param {string} ready
 */
function fill(ready) {
  rmSync(path.join(modules, STAMP), { force: true });
  for (const name of readdirSync(modules)) rmSync(path.join(modules, name), { recursive: true, force: true });
  const stamp = path.join(ready, STAMP);
  cpSync(ready, modules, { recursive: true, verbatimSymlinks: true, filter: (source) => source !== stamp });
  copyFileSync(stamp, path.join(modules, STAMP));
}

// Windows does not move a folder with a running program in it, but it moves the program: inside an npm script this very
// process may be node_modules' Node.
function stepAsideOnWindows() {
  if (!isWindows || !isInside(modules, process.execPath)) return;
  renameSync(process.execPath, path.join(os.tmpdir(), `hamta-node-${process.pid}.exe`));
}
