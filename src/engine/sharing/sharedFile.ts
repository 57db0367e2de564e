// One look at a file that is shared, or is to be: whether it is still the file that was meant, and what it is now.

import { realpath as walkedPath } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { LAST_MOMENT } from '../../base/clock.ts';
import { FailureError, fail } from '../../contract/failure.ts';
import { fileStart } from '../io/fileStart.ts';
import { pictureHeaderOf } from '../pictures/pictureHeader.ts';

export interface FileLook {
  readonly sizeBytes: number;
  /** Whole ms since the epoch, within what can be told and shown: some file systems hold times beyond. */
  readonly modifiedAt: number;
}

export interface SharableFile extends FileLook {
  /** Without links: what is shared is the file that the path named when it was shared. */
  readonly path: string;
  /** By its first bytes: a picture's, `text/plain`, or unspecific. */
  readonly mediaType: string;
}

export type Seen =
  | ({ readonly kind: 'there' } & FileLook)
  /** Nothing that could be shared is there. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'unreadable' };

/** Enough to tell pictures and texts by. */
const START_BYTES = 4096;
const GONE: readonly (string | undefined)[] = ['ENOENT', 'ENOTDIR', 'ELOOP'];

/** The file behind `path`, links followed, for sharing. Fails with notAFile, fileEmpty or fileUnreadable. */
export async function sharableFile(path: string): Promise<SharableFile> {
  try {
    const real = await realPathOf(path);
    const found = await stat(real);
    if (!found.isFile()) throw fail('notAFile', { path });
    if (found.size === 0) throw fail('fileEmpty', { name: path });
    return { path: real, ...lookOf(found), mediaType: mediaTypeOf(await fileStart(real, START_BYTES)) };
  } catch (error) {
    if (error instanceof FailureError) throw error;
    const detail = (error as NodeJS.ErrnoException).code ?? String(error);
    throw fail('fileUnreadable', { path, detail }, error);
  }
}

/**
 * What is at `path`, as sharableFile gave it, now. A link that has taken the place of the file, or of a folder above it, is not
 * followed: nobody has meant to share what it points to. Never rejects.
 */
export async function lookAt(path: string): Promise<Seen> {
  try {
    if ((await realPathOf(path)) !== path) return { kind: 'gone' };
    const found = await stat(path);
    return found.isFile() ? { kind: 'there', ...lookOf(found) } : { kind: 'gone' };
  } catch (error) {
    return { kind: GONE.includes((error as NodeJS.ErrnoException).code) ? 'gone' : 'unreadable' };
  }
}

/** Windows cannot tell it (EISDIR) of drives that are none to it, in memory or on some networks: there it is walked, link by link. */
async function realPathOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EISDIR') throw error;
    return promisify(walkedPath)(path);
  }
}

export function lookOf({ size, mtimeMs }: { readonly size: number; readonly mtimeMs: number }): FileLook {
  return { sizeBytes: size, modifiedAt: Math.min(LAST_MOMENT, Math.max(0, Math.trunc(mtimeMs))) };
}

function mediaTypeOf(start: Uint8Array): string {
  return pictureHeaderOf(start)?.mediaType ?? (isText(start) ? 'text/plain' : 'application/octet-stream');
}

/** UTF-8 without a zero byte; a character may be cut at the end. */
function isText(start: Uint8Array): boolean {
  if (start.includes(0)) return false;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(start, { stream: true });
    return true;
  } catch {
    return false;
  }
}
