// A yes to an offer, for a folder of the person's choice.

import { homedir } from 'node:os';
import { env, Uri, window, workspace } from 'vscode';
import { l10n } from '../l10n.ts';
import { beginHere, folderHere } from '../placeHere.ts';
import type { Services } from '../services.ts';
import { answerOffer } from './answerOffer.ts';

/** Nothing is answered when the dialog is closed. Failures: folderUnwritable. */
export async function acceptInto(services: Services, id: string): Promise<void> {
  const [folder] =
    (await window.showOpenDialog({
      title: l10n.t('Save in which folder?'),
      openLabel: l10n.t('Save Here'),
      canSelectFiles: false,
      canSelectFolders: true,
      ...beginHere(env.remoteName, workspace.workspaceFolders, Uri.file(homedir())),
    })) ?? [];
  if (folder === undefined) return;
  await answerOffer(services, { id, accept: true, folder: folderHere(folder, services.language) });
}
