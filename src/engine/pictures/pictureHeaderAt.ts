// The header of a picture in a file, read by the engine itself: a few bytes, for which nobody waits in line for the worker.

import { open } from 'node:fs/promises';
import { fail } from '../../contract/failure.ts';
import { type PictureHeader, pictureHeaderOf } from './pictureHeader.ts';

/** Enough to tell by whether it is a picture. */
export const KIND_BYTES = 64;

/** By the first `length` bytes of the file, never by its name; undefined where it is no picture. Fails with fileUnreadable. */
export async function pictureHeaderAt(path: string, length: number): Promise<PictureHeader | undefined> {
  try {
    return pictureHeaderOf(await startOf(path, length));
  } catch (error) {
    const detail = (error as NodeJS.ErrnoException).code ?? String(error);
    throw fail('fileUnreadable', { path, detail }, error);
  }
}

async function startOf(path: string, length: number): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(size, length)), { position: 0 });
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
