// The folder of a socket file. In a temporary folder another account may have made it first, and could put its own socket there.

import { lstat, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

export type FolderTrouble = 'notOurs' | 'openToOthers';

export function isWindowsPipe(address: string): boolean {
  return address.startsWith('\\\\');
}

/** Makes the folder of the socket file, for this account only; a Windows pipe has none. Resolves with why nobody may meet in one that is there. */
export async function makeSocketFolder(address: string): Promise<FolderTrouble | undefined> {
  if (isWindowsPipe(address)) return undefined;
  const folder = dirname(address);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const stats = await lstat(folder);
  if (stats.uid !== process.getuid?.()) return 'notOurs';
  return stats.isDirectory() && (stats.mode & 0o077) === 0 ? undefined : 'openToOthers';
}
