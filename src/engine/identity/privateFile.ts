// Writes a file that only its owner may read: whole or not at all, and on the disk when the promise resolves.

import { mkdir, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** As Node's, or one that has more patience with the system. */
export type Rename = (from: string, to: string) => Promise<void>;

/** Makes the folder (0700) where it is missing. A reader sees the file as it was before or as it is after. */
export async function writePrivateFile(path: string, text: string, giveName: Rename = rename): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const unfinished = `${path}.tmp`;
  await writeAndSync(unfinished, text);
  await giveName(unfinished, path);
  await syncFolder(folder);
}

async function writeAndSync(path: string, text: string): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    // A file that was left behind keeps its old mode.
    await file.chmod(0o600);
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Keeps the new name over a power cut. Windows has no such call and does it by itself. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
