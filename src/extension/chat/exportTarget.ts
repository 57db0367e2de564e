// Where a conversation is written to, as what, and in which words.

import type { ExportWords, ParamsOf } from '../../contract/commands.ts';
import { fail } from '../../contract/failure.ts';
import { unturned } from '../bidi.ts';
import type { Language } from '../language.ts';
import type { Place } from '../placeHere.ts';

type ExportTarget = Pick<ParamsOf<'exportConversation'>, 'path' | 'format' | 'words'>;

/**
 * By its path on this computer, as the engine writes it, in the format that its ending says. Failures: exportUnwritable for a
 * place that only the editor reaches.
 */
export function exportTarget({ scheme, path, fsPath }: Place, language: Language): ExportTarget {
  const { t } = language;
  if (scheme !== 'file') throw fail('exportUnwritable', { path, detail: t('it is not on this computer') });
  const format = path.toLowerCase().endsWith('.json') ? 'json' : 'markdown';
  return { path: fsPath, format, words: exportWords(language) };
}

/** For a file, in which an editor draws a box for each mark of direction. */
function exportWords(language: Language): ExportWords {
  const t = (text: string) => unturned(language.t(text));
  return {
    me: t('me'),
    edited: t('edited'),
    deleted: t('deleted'),
    file: t('file'),
    timesAreUtc: t('Times are UTC.'),
  };
}
