// Two `npm start` in one checkout would fight over the same people: the second is told about the first.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ownerFile } from './places.ts';

/** Rejects where another one runs; one that was killed does not count. */
export async function claimStart(): Promise<void> {
  await mkdir(path.dirname(ownerFile), { recursive: true });
  const owner = Number(await readFile(ownerFile, 'utf8').catch(() => ''));
  if (owner && isAlive(owner)) {
    throw new Error(
      `Hamta is already running here, as process ${owner}. Stop that one first (Ctrl+C in its terminal).`,
    );
  }
  await writeFile(ownerFile, String(process.pid));
}

export async function releaseStart(): Promise<void> {
  await rm(ownerFile, { force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
