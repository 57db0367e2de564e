// Which folders a chat page may load pictures from: no more than what its conversation shows.

import path from 'node:path';
import type { Fingerprint } from '../../contract/fingerprint.ts';
import type { State } from '../../contract/state.ts';
import { isPicture, type Transfer } from '../../contract/transfer.ts';

/** `always` and the folders of this conversation's pictures, each once, without those that lie within another. */
export function allowedFolders(
  state: State | undefined,
  peer: Fingerprint,
  always: readonly string[],
): readonly string[] {
  const shown = Object.values<Transfer>(state?.transfers ?? {}).filter(
    (transfer) => transfer.peer === peer && isPicture(transfer.mediaType),
  );
  const folders = shown.flatMap(({ path: file }) => (file === undefined ? [] : [path.dirname(file)]));
  const all = [...new Set([...always, ...folders])];
  return all.filter((folder) => !all.some((other) => other !== folder && isWithin(folder, other)));
}

function isWithin(folder: string, other: string): boolean {
  return folder.startsWith(other.endsWith(path.sep) ? other : other + path.sep);
}
