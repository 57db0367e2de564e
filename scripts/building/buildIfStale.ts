// Builds dist/ where it is missing or older than what it is made of.
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { build, builtStamp } from '../../esbuild.mjs';
import { root } from '../setup/places.mjs';

const SOURCES = ['src', 'webview', 'registry-server', 'esbuild.mjs', 'package-lock.json'];

export async function buildIfStale(): Promise<void> {
  const builtAt = await changedAt(builtStamp).catch(() => 0);
  const newest = Math.max(...(await Promise.all(SOURCES.map((source) => newestIn(path.join(root, source))))));
  if (newest <= builtAt) return;
  console.log('Building…');
  await build({ log: () => undefined });
}

async function newestIn(place: string): Promise<number> {
  if (!(await stat(place)).isDirectory()) return changedAt(place);
  const entries = await readdir(place, { recursive: true, withFileTypes: true });
  const times = entries.map((entry) => changedAt(path.join(entry.parentPath, entry.name)));
  return Math.max(...(await Promise.all(times)), 0);
}

/** In milliseconds since the epoch. */
async function changedAt(file: string): Promise<number> {
  return (await stat(file)).mtimeMs;
}
