// Two `npm start` in one checkout would fight over the same people: the second is told about the first.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { lockFile, ownerFile, startDir } from './places.ts';

const SQLITE_BUSY = 5;

let lock: DatabaseSync | undefined;

/**
 * Rejects where another one runs. One that was killed does not count, whoever has its number now (in a container that is often the
 * next one): the system takes a lock back from the dead.
 */
export async function claimStart(): Promise<void> {
  await mkdir(startDir, { recursive: true });
  lock = takeLock();
  if (lock === undefined) {
    const owner = await readFile(ownerFile, 'utf8').catch(() => '?');
    throw new Error(
      `Hamta is already running here, as process ${owner}. Stop that one first (Ctrl+C in its terminal).`,
    );
  }
  await writeFile(ownerFile, String(process.pid));
}

export async function releaseStart(): Promise<void> {
  await rm(ownerFile, { force: true });
  lock?.close();
}

/** As the engine takes its own; undefined where somebody has it. The file stays: removing it would split the lock. */
function takeLock(): DatabaseSync | undefined {
  const file = new DatabaseSync(lockFile);
  try {
    file.exec('PRAGMA busy_timeout = 0; PRAGMA journal_mode = MEMORY; BEGIN IMMEDIATE');
    return file;
  } catch (error) {
    file.close();
    if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY) return undefined;
    throw error;
  }
}
