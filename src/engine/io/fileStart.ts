// The first bytes of a file, which say what it is.

import { closeSync, openSync, readSync } from 'node:fs';
import { open } from 'node:fs/promises';

/** At most `length`; fewer where the file is shorter. Rejects as the system does. */
export async function fileStart(path: string, length: number): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** The same in one go, where nothing else may happen meanwhile: on a disk that has answered a moment ago. */
export function fileStartNow(path: string, length: number): Buffer {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(length);
    return bytes.subarray(0, readSync(file, bytes, 0, length, 0));
  } finally {
    closeSync(file);
  }
}
