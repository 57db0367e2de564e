// The command that writes a whole conversation to a file of the person's choice.

import { homedir } from 'node:os';
import { commands, type Disposable, ProgressLocation, Uri, window, workspace } from 'vscode';
import type { Fingerprint } from '../../contract/fingerprint.ts';
import { safeFileName } from '../../contract/names.ts';
import { COMMANDS } from '../commands.ts';
import { inText, nameInText } from '../inText.ts';
import { l10n } from '../l10n.ts';
import { countText } from '../peers/amounts.ts';
import { personFor } from '../peers/pickPerson.ts';
import { placeHere } from '../placeHere.ts';
import { registerCommands } from '../registerCommand.ts';
import type { Services } from '../services.ts';
import { exportTarget } from './exportTarget.ts';

/** A million messages take some minutes. */
const EXPORT_TIMEOUT_MS = 30 * 60_000;

export function registerExport(services: Services): Disposable[] {
  return registerCommands(services.failures, {
    [COMMANDS.exportConversation]: async (argument) => {
      const peer = await personFor(services, argument, l10n.t('Export the conversation with whom?'));
      if (peer !== undefined) await exportWith(services, peer);
    },
  });
}

async function exportWith({ engine, failures, language }: Services, peer: Fingerprint): Promise<void> {
  const { peers } = await engine.ready();
  const person = peers[peer];
  const target = await askWhere(person?.name ?? peer.slice(0, 8));
  if (target === undefined) return;
  const title = l10n.t('Writing the conversation with {0}', nameInText(person));
  const wish = { peer, ...exportTarget(target, language) };
  const { messages } = await window.withProgress({ location: ProgressLocation.Notification, title }, () =>
    engine.request('exportConversation', wish, { timeoutMs: EXPORT_TIMEOUT_MS }),
  );
  // Not awaited: the command is over, and the offer may stay on the screen for long.
  void offerToOpen(target, messages, language.locale).catch((error) => void failures.show(error));
}

/** Undefined when the dialog was closed. */
async function askWhere(name: string): Promise<Uri | undefined> {
  const folder = placeHere(workspace.workspaceFolders, Uri.file(homedir()));
  return window.showSaveDialog({
    title: l10n.t('Export the conversation with {0}', inText(name)),
    defaultUri: Uri.joinPath(folder, `${safeFileName(name)}.md`),
    filters: { Markdown: ['md'], JSON: ['json'] },
  });
}

async function offerToOpen(target: Uri, messages: number, locale: string): Promise<void> {
  const open = l10n.t('Open');
  const text =
    messages === 1
      ? l10n.t('1 message was written to a file.')
      : l10n.t('{0} messages were written to a file.', countText(messages, locale));
  if ((await window.showInformationMessage(text, open)) === open)
    await commands.executeCommand('vscode.open', target);
}
