// Where things are in this checkout, for the scripts that run before node_modules exist and for those after.
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const isWindows = process.platform === 'win32';
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
export const modules = path.join(root, 'node_modules');
/** Downloads and state that outlive one command; git-ignored. */
export const cacheDir = path.join(root, '.vscode-test');
/** The Node 24 that the devDependency `node` puts into a node_modules folder. @param {string} folder */
export function nodeIn(folder) {
  return path.join(folder, 'node', 'bin', isWindows ? 'node.exe' : 'node');
}
export const toolNode = nodeIn(modules);

/** @param {string} folder @param {string} file */
export function isInside(folder, file) {
  const relative = path.relative(folder, file);
  return relative === '' || (!relative.startsWith('..') && !path.isAbsolute(relative));
}
