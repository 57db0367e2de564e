// An empty file under the name that a received one is about to take: nobody else can take the name between the look and the rename.

import { constants } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import path from 'node:path';
import type { SaveFolder } from './saveFolder.ts';

/** Whether there is an empty file of our own at `place` now; not where somebody else's is. */
export async function reserve(place: string): Promise<boolean> {
  const only = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY;
  const reserved = await open(place, only).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') return undefined;
    throw error;
  });
  await reserved?.close();
  return reserved !== undefined;
}

/** An engine that was killed right before the file took `name` has left an empty one there. '' where it was not about to. */
export async function removeReservation(folder: SaveFolder, name: string): Promise<void> {
  if (name === '') return;
  const place = path.join(folder.path, name);
  if ((await folder.sizeOf(place)) === 0) await folder.ask(() => rm(place, { force: true }));
}
