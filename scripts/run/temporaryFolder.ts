// Folders that go with this process, however it ends.
import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

/** What has just ended may still write for a moment. */
const REMOVAL = { recursive: true, force: true, maxRetries: 5, retryDelay: 100 } as const;
const present = new Set<string>();

/** The path is short: sockets inside may have about 100 letters in all. */
export async function makeTemporaryFolder(name: string): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), `hamta-${name}-`));
  present.add(folder);
  return folder;
}

export async function removeTemporaryFolder(folder: string): Promise<void> {
  await rm(folder, REMOVAL);
  present.delete(folder);
}

process.on('exit', () => {
  for (const folder of present) rmSync(folder, REMOVAL);
});
