// Where a conversation is written to, and as what.

import type { ParamsOf } from '../../contract/commands.ts';
import { fail } from '../../contract/failure.ts';
import type { Language } from '../language.ts';

/** As an editor's Uri has it. */
export interface Place {
  readonly scheme: string;
  readonly path: string;
  readonly fsPath: string;
}

type ExportTarget = Pick<ParamsOf<'exportConversation'>, 'path' | 'format'>;

/**
 * By its path on this computer, as the engine writes it, in the format that its ending says. Failures: exportUnwritable for a
 * place that only the editor reaches.
 */
export function exportTarget({ scheme, path, fsPath }: Place, { t }: Language): ExportTarget {
  if (scheme !== 'file') throw fail('exportUnwritable', { path, detail: t('it is not on this computer') });
  return { path: fsPath, format: path.toLowerCase().endsWith('.json') ? 'json' : 'markdown' };
}
