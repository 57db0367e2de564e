// How to call npm from inside a script: which one, with which environment.
import path from 'node:path';
import { isInside, isWindows, modules } from './places.mjs';

/**
 * The npm that started us, run by the machine's own Node; without one, the `npm` on the PATH. What is in node_modules does
 * not serve here: an install deletes it.
 * @returns {{ command: string, args: string[], shell: boolean }}
 */
export function npmCommand() {
  const cli = process.env.npm_execpath;
  if (!cli || path.basename(cli) !== 'npm-cli.js') {
    return { command: isWindows ? 'npm.cmd' : 'npm', args: [], shell: isWindows };
  }
  const starter = process.env.npm_node_execpath;
  const node = starter && !isInside(modules, starter) ? starter : process.execPath;
  return { command: node, args: [cli], shell: false };
}

/** Keeps what says where packages come from; drops what belongs to the npm run that we are a part of. */
export function npmEnvironment() {
  const env = { ...process.env };
  for (const key of Object.keys(env)) {
    // Small letters only: NPM_TOKEN and its like are the person's own.
    const isOfThisRun = key.startsWith('npm_') && !key.startsWith('npm_config_');
    if (isOfThisRun || key === 'NODE_OPTIONS' || key === 'NODE_ENV') delete env[key];
  }
  const folders = (env.PATH ?? '').split(path.delimiter);
  env.PATH = folders.filter((folder) => !isInside(modules, folder)).join(path.delimiter);
  return env;
}
