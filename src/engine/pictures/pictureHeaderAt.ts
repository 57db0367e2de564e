// The header of a picture in a file, read by the engine itself: a few bytes, for which nobody waits in line for the worker.

import { fail } from '../../contract/failure.ts';
import { fileStart } from '../io/fileStart.ts';
import { type PictureHeader, pictureHeaderOf } from './pictureHeader.ts';

/** Enough to tell by whether it is a picture. */
const KIND_BYTES = 64;

/** By the first bytes of the file, never by its name; undefined where it is no picture. Fails with fileUnreadable. */
export async function pictureHeaderAt(path: string): Promise<PictureHeader | undefined> {
  try {
    return pictureHeaderOf(await fileStart(path, KIND_BYTES));
  } catch (error) {
    const detail = (error as NodeJS.ErrnoException).code ?? String(error);
    throw fail('fileUnreadable', { path, detail }, error);
  }
}
