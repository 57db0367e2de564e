// What can be done with a file that has arrived: open it, see where it is, save it elsewhere, too.

import { commands, env, UIKind, type Uri, window, workspace } from 'vscode';
import { fail } from '../../contract/failure.ts';
import { reasonText } from '../../contract/reasonText.ts';
import { EditorFailure } from '../editorFailure.ts';
import { inText } from '../inText.ts';
import { l10n } from '../l10n.ts';
import { plainText } from '../plainText.ts';
import { isDiskFull, whyNotWritten } from './whyNotWritten.ts';

export interface ReceivedFile {
  readonly name: string;
  readonly uri: Uri;
}

/** Of a path that is shown: as much as a notification has room for. */
const MAX_PATH = 400;

/** In the editor's own viewer, which shows and never runs it. */
export async function openFile({ uri }: ReceivedFile): Promise<void> {
  await refuseMissing(uri);
  await commands.executeCommand('vscode.open', uri);
}

/** In the file manager. An editor in a browser has none, and only the Explorer for what is in the workspace. */
export async function revealFile({ uri }: ReceivedFile): Promise<void> {
  await refuseMissing(uri);
  if (env.uiKind === UIKind.Desktop) await commands.executeCommand('revealFileInOS', uri);
  else if (workspace.getWorkspaceFolder(uri)) await commands.executeCommand('revealInExplorer', uri);
  else await tellPath(uri.fsPath);
}

async function tellPath(path: string): Promise<void> {
  const copy = l10n.t('Copy Path');
  const text = l10n.t(
    'The file is at {0}. An editor in a browser cannot show it in its folder.',
    inText(path, MAX_PATH),
  );
  if ((await window.showInformationMessage(text, copy)) === copy) await env.clipboard.writeText(path);
}

/** Failures: diskFull, EditorFailure. */
export async function saveFileAs({ uri, name }: ReceivedFile): Promise<void> {
  await refuseMissing(uri);
  const target = await window.showSaveDialog({ title: l10n.t('Save {0} as', inText(name)), defaultUri: uri });
  if (target === undefined) return;
  try {
    // The dialog has asked already whether an existing file may go.
    await workspace.fs.copy(uri, target, { overwrite: true });
  } catch (error) {
    throw notSaved(name, target, error);
  }
}

function notSaved(name: string, target: Uri, error: unknown): Error {
  const why = whyNotWritten(error as Error);
  const place = target.scheme === 'file' ? target.fsPath : target.toString(true);
  if (isDiskFull(why)) return fail('diskFull', { path: place }, error);
  const text = l10n.t(
    '{0} could not be saved as {1} ({2}). Choose another place.',
    inText(name),
    inText(place, MAX_PATH),
    plainText(reasonText(why, l10n.t)),
  );
  return new EditorFailure(text, error);
}

async function refuseMissing(uri: Uri): Promise<void> {
  try {
    await workspace.fs.stat(uri);
  } catch (error) {
    throw fail('fileUnreadable', { path: uri.fsPath, detail: l10n.t('it was moved or deleted') }, error);
  }
}
