// Places on this computer. In the window of a remote or virtual workspace the editor begins its dialogs over there, and what is chosen has
// a path of that machine, which may be one of this one, too.

import { fail } from '../contract/failure.ts';
import type { Language } from './language.ts';

/** As an editor's Uri has it. */
export interface Place {
  readonly scheme: string;
  readonly path: string;
  readonly fsPath: string;
}

/** Where a dialog begins that is to end on this computer: in the first folder that is open here, else at home. */
export function placeHere<Here extends Pick<Place, 'scheme'>>(
  open: readonly { readonly uri: Here }[] | undefined,
  home: Here,
): Here {
  return open?.find(({ uri }) => uri.scheme === 'file')?.uri ?? home;
}

/**
 * For the options of a dialog that is to end on this computer. Where the editor begins on it anyway, it knows better where: beside
 * the file that was looked at last.
 */
export function beginHere<Here extends Pick<Place, 'scheme'>>(
  remoteName: string | undefined,
  open: readonly { readonly uri: Here }[] | undefined,
  home: Here,
): { readonly defaultUri?: Here } {
  const isHere = remoteName === undefined && (open ?? []).every(({ uri }) => uri.scheme === 'file');
  return isHere ? {} : { defaultUri: placeHere(open, home) };
}

/** Its path. Failures: folderUnwritable for one that only the editor reaches. */
export function folderHere({ scheme, path, fsPath }: Place, { t }: Pick<Language, 't'>): string {
  if (scheme === 'file') return fsPath;
  throw fail('folderUnwritable', { path, detail: t('it is not on this computer') });
}
