// The file picker for sending, and the commands that open it.

import { type Disposable, window } from 'vscode';
import type { Fingerprint } from '../../contract/fingerprint.ts';
import { COMMANDS } from '../commands.ts';
import { l10n } from '../l10n.ts';
import { personFor } from '../peers/pickPerson.ts';
import { registerCommands } from '../registerCommand.ts';
import type { Services } from '../services.ts';
import { PICTURE_ENDINGS } from './pictureNames.ts';
import { sendUris } from './sendFiles.ts';

export function registerSending(services: Services): Disposable[] {
  return registerCommands(services.failures, {
    [COMMANDS.sendImage]: (argument) => send(services, argument, 'picture'),
    [COMMANDS.sendFile]: (argument) => send(services, argument, 'file'),
  });
}

async function send(services: Services, argument: unknown, as: 'picture' | 'file'): Promise<void> {
  const peer = await personFor(services, argument, l10n.t('Send to whom?'));
  if (peer !== undefined) await pickAndSend(services, peer, as);
}

/** Does nothing when the picker is closed. */
export async function pickAndSend(
  services: Services,
  peer: Fingerprint,
  as: 'picture' | 'file',
): Promise<void> {
  const picked = await window.showOpenDialog({
    title: as === 'picture' ? l10n.t('Send which picture?') : l10n.t('Send which file?'),
    openLabel: l10n.t('Send'),
    canSelectMany: true,
    ...(as === 'picture' ? { filters: { [l10n.t('Pictures')]: [...PICTURE_ENDINGS] } } : {}),
  });
  const uris = (picked ?? []).map((uri) => uri.toString());
  await sendUris(services, peer, uris, as);
}
