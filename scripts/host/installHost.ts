// Installs a real VS Code into .vscode-test/host from the npm registry alone: the server build inside the npm package
// code-server, which has the whole workbench and a Node extension host. Nothing is compiled and no install script is run.
import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { runOrThrow } from '../run/runProgram.ts';
import { movesTo } from '../setup/moveFolder.mjs';
import { npmCommand, npmEnvironment } from '../setup/npm.mjs';
import { cacheDir, toolNode } from '../setup/places.mjs';
import { CODE_SERVER_VERSION, HOST_LAYOUT } from './params.ts';

export interface InstalledHost {
  /** The folder of the server build. */
  readonly dir: string;
  /** The script that Node runs as the server. */
  readonly main: string;
  /** The Node it runs on, and its extension hosts. */
  readonly node: string;
}

const hostDir = path.join(cacheDir, 'host');
const STAMP_FILE = 'hamta-host.json';
const DOWNLOAD_MS = 5 * 60_000;

/** Packages of VS Code that an extension host on a test machine never calls: 240 MB. */
const UNUSED_PACKAGES = [
  '@devcontainers/cli',
  '@github/copilot-sdk',
  '@microsoft/mxc-sdk',
  '@vscode/copilot-api',
  '@vscode/sandbox-runtime',
  '@vscode/sqlite3',
  '@vscode/windows-process-tree',
  '@vscode/windows-registry',
  '@xterm/addon-ligatures',
  'kerberos',
  'ssh2',
];

/** Built-in extensions that are large and have no part in our suites. github-authentication must stay: it is asked for by name. */
const UNUSED_EXTENSIONS = [
  'copilot',
  'mermaid-markdown-features',
  'microsoft-authentication',
  'ms-vscode.js-debug',
  'ms-vscode.js-debug-companion',
  'ms-vscode.vscode-js-profile-table',
  'tunnel-forwarding',
];

/** Native modules without a prebuilt binary, and what takes their place. */
const STAND_INS = { '@vscode/spdlog': 'spdlog.cjs', '@vscode/native-watchdog': 'native-watchdog.cjs' };

/** Returns at once when this version is there. An install that is interrupted leaves nothing that looks whole. */
export async function installHost(): Promise<InstalledHost> {
  if (await isInstalled()) return installed(hostDir);
  // What stdout says may be for a machine.
  console.error(`Installing VS Code (browser build, code-server ${CODE_SERVER_VERSION}, 140 MB)…`);
  await mkdir(cacheDir, { recursive: true });
  const staging = await mkdtemp(path.join(cacheDir, 'install-host-'));
  try {
    await installInto(staging);
    await moveIntoPlace(path.join(staging, 'host'), path.join(staging, 'old'));
  } finally {
    await rm(staging, { recursive: true, force: true, maxRetries: 3 });
  }
  return installed(hostDir);
}

function installed(dir: string): InstalledHost {
  return { dir, main: path.join(dir, 'out', 'server-main.js'), node: toolNode };
}

const stamp = JSON.stringify({ codeServer: CODE_SERVER_VERSION, layout: HOST_LAYOUT });

async function isInstalled(): Promise<boolean> {
  const found = await readFile(path.join(hostDir, STAMP_FILE), 'utf8').catch(() => '');
  return found === stamp;
}

async function installInto(staging: string): Promise<void> {
  const host = path.join(staging, 'host');
  await unpack(await download(staging), host);
  await dropUnusedPackages(host);
  await npm('VS Code needs packages', ['install', '--omit=dev', '--ignore-scripts'], host);
  await dropForeignRipgrep(host);
  await putStandIns(host);
  await proveThatItStarts(host);
  await writeFile(path.join(host, STAMP_FILE), stamp);
}

/** Where another command was faster, its host stays: it may be running already. */
async function moveIntoPlace(ready: string, aside: string): Promise<void> {
  if ((await movesTo(hostDir, ready)) || (await isInstalled())) return;
  await movesTo(aside, hostDir);
  await movesTo(hostDir, ready);
}

async function download(folder: string): Promise<string> {
  const { stdout } = await npm('VS Code', ['pack', `code-server@${CODE_SERVER_VERSION}`, '--silent'], folder);
  return path.join(folder, stdout.trim().split('\n').at(-1) ?? '');
}

/** Only VS Code itself: what code-server adds around it (a login page and its 140 packages) is not used. */
async function unpack(tarball: string, host: string): Promise<void> {
  await mkdir(host);
  const inTarball = 'package/lib/vscode';
  const excludes = UNUSED_EXTENSIONS.map((name) => `--exclude=${inTarball}/extensions/${name}`);
  const depth = inTarball.split('/').length;
  const args = ['-xzf', tarball, '-C', host, `--strip-components=${depth}`, ...excludes, inTarball];
  await runOrThrow('VS Code could not be unpacked', 'tar', args);
}

/** The shrinkwrap beside it stays: it holds the versions and hashes that this VS Code was built with. */
async function dropUnusedPackages(host: string): Promise<void> {
  const file = path.join(host, 'package.json');
  const manifest = JSON.parse(await readFile(file, 'utf8')) as { dependencies: Record<string, string> };
  for (const name of UNUSED_PACKAGES) delete manifest.dependencies[name];
  await writeFile(file, JSON.stringify(manifest, null, 2));
}

async function dropForeignRipgrep(host: string): Promise<void> {
  const folder = path.join(host, 'node_modules', '@vscode', 'ripgrep-universal', 'bin');
  const ours = `${process.platform}-${process.arch}`;
  const platforms = await readdir(folder).catch(() => []);
  const foreign = platforms.filter((name) => name !== ours);
  await Promise.all(foreign.map((name) => rm(path.join(folder, name), { recursive: true })));
}

async function putStandIns(host: string): Promise<void> {
  for (const [module, file] of Object.entries(STAND_INS)) {
    const from = path.join(import.meta.dirname, 'standIns', file);
    await copyFile(from, path.join(host, 'node_modules', module, 'index.js'));
  }
}

/** `--version` loads the server with all that it imports. */
async function proveThatItStarts(host: string): Promise<void> {
  const { main, node } = installed(host);
  await promisify(execFile)(node, [main, '--version']);
}

async function npm(what: string, args: readonly string[], cwd: string): Promise<{ stdout: string }> {
  const { command, args: first, shell } = npmCommand();
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  const place = { cwd, shell, env: npmEnvironment(), timeoutMs: DOWNLOAD_MS };
  try {
    return await runOrThrow(`${what} from the npm registry`, command, [...first, ...args, ...quiet], place);
  } catch (cause) {
    const advice =
      'Check that the npm registry can be reached and that the disk is not full, then try again.';
    throw new Error(`${(cause as Error).message}\n${advice}`, { cause });
  }
}
