// A file that only the editor can read: of a remote or virtual workspace.

import type { FileSystem, FileType, Uri } from 'vscode';
import { FailureError, fail } from '../../contract/failure.ts';
import { MAX_PASTED_BYTES } from '../../contract/panel.ts';
import { inTime } from '../inTime.ts';

/** In ms. Whatever stands behind a workspace wakes up or connects in less. */
export const LONGEST_ANSWER_MS = 120_000;
/** Contents come at so many bytes in a ms at least, 64 KiB in a second: thin lines do that. */
const SLOWEST_LINE = 66;

const DIRECTORY: FileType.Directory = 2;

export type EditorFiles = Pick<FileSystem, 'stat' | 'readFile'>;

/** The file that is called `name`, whole; the editor cannot be told to stop reading. Failures: notAFile, fileTooLarge, fileUnreadable, fileSlow. */
export async function readThroughEditor(files: EditorFiles, uri: Uri, name: string): Promise<Uint8Array> {
  const path = placeOf(uri);
  const answered = <T>(asked: Thenable<T>, longestMs: number) =>
    inTime(Promise.resolve(asked), longestMs, () =>
      fail('fileSlow', { path, seconds: Math.round(longestMs / 1_000) }),
    );
  try {
    const { type, size } = await answered(files.stat(uri), LONGEST_ANSWER_MS);
    if ((type & DIRECTORY) !== 0) throw fail('notAFile', { path: name });
    if (size > MAX_PASTED_BYTES) throw fail('fileTooLarge', { name, limit: MAX_PASTED_BYTES });
    return await answered(files.readFile(uri), LONGEST_ANSWER_MS + size / SLOWEST_LINE);
  } catch (error) {
    if (error instanceof FailureError) throw error;
    throw fail('fileUnreadable', { path, detail: (error as Error).message }, error);
  }
}

/** Of a remote window's own machine one knows the paths; the rest of the address is the editor's. */
function placeOf(uri: Uri): string {
  return uri.scheme === 'vscode-remote' ? uri.path : uri.toString(true);
}
