// Runs a program of dist/ in our place, with our arguments, after building what is stale. The exit code is its own.
import path from 'node:path';
import { root } from '../setup/places.mjs';
import { runInOurPlace } from '../setup/runInOurPlace.mjs';
import { buildIfStale } from './buildIfStale.ts';

/** @param file the program's name in dist/ */
export async function runBuilt(file: string): Promise<void> {
  await buildIfStale();
  const args = [path.join(root, 'dist', file), ...process.argv.slice(2)];
  process.exitCode = await runInOurPlace(process.execPath, args, { env: process.env });
}
