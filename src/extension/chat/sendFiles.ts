// Pictures and files on their way to the engine, which takes paths of this machine: other bytes pass through the outbox.

import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { commands, Uri, window, workspace } from 'vscode';
import { fail } from '../../contract/failure.ts';
import type { Fingerprint } from '../../contract/fingerprint.ts';
import { safeFileName } from '../../contract/names.ts';
import { MAX_PASTED_BYTES } from '../../contract/panel.ts';
import { COMMANDS } from '../commands.ts';
import { l10n } from '../l10n.ts';
import { countText } from '../peers/amounts.ts';
import type { Services } from '../services.ts';
import { AS_PICTURE, type SendAs } from './sendAs.ts';
import { sendEach } from './sendEach.ts';
import { readThroughEditor } from './throughEditor.ts';
import { whileItIsRead } from './whileItIsRead.ts';

export interface NamedBytes {
  readonly name: string;
  readonly bytes: Uint8Array | ArrayBuffer;
}

interface Source {
  readonly path: string;
  /** As the other side sees it. */
  readonly name: string;
}

/** Offers each, as `sendInTurn` does. */
export function sendUris(
  services: Services,
  peer: Fingerprint,
  uris: readonly string[],
  as: SendAs,
): Promise<void> {
  return sendInTurn(services, uris, async (text) =>
    offer(services, peer, await sourceOf(services, Uri.parse(text)), as),
  );
}

/** Of those that cannot be sent it throws the first in the end, and has shown the others. */
export function sendInTurn<Item>(
  services: Services,
  items: readonly Item[],
  send: (item: Item) => Promise<void>,
): Promise<void> {
  return sendEach(items, send, {
    tell: (error) => void services.failures.show(error),
    tellMore: (errors) => void tellMore(services, errors).catch((error) => services.failures.note(error)),
  });
}

/** Too many to be shown one by one. */
async function tellMore({ failures, language }: Services, errors: readonly unknown[]): Promise<void> {
  for (const each of errors) failures.note(each);
  const showLog = l10n.t('Show Log');
  const count = countText(errors.length, language.locale);
  const text = l10n.t('{0} more could not be sent. The log says which, and why.', count);
  if ((await window.showWarningMessage(text, showLog)) === showLog)
    await commands.executeCommand(COMMANDS.showLog);
}

/** From the clipboard or a drop without a path. */
export async function sendBytes(services: Services, peer: Fingerprint, file: NamedBytes): Promise<void> {
  await offer(services, peer, await toOutbox(services, file), 'whatItIs');
}

async function offer(services: Services, peer: Fingerprint, source: Source, as: SendAs): Promise<void> {
  const wish = { peer, ...source, asPicture: AS_PICTURE[as] };
  await whileItIsRead(source.name, (options) => services.engine.request('offerFile', wish, options));
}

/** What is on this machine goes by its path; what a remote or virtual workspace holds is read through the editor. */
async function sourceOf(services: Services, uri: Uri): Promise<Source> {
  const name = path.posix.basename(uri.path);
  if (uri.scheme === 'file') return { path: uri.fsPath, name };
  const bytes = await whileItIsRead(name, () => readThroughEditor(workspace.fs, uri, name));
  return toOutbox(services, { name, bytes });
}

/** A folder for each, so that the name stays as it is and nothing is overwritten. */
async function toOutbox({ folders }: Services, { name, bytes }: NamedBytes): Promise<Source> {
  if (bytes.byteLength > MAX_PASTED_BYTES) throw fail('fileTooLarge', { name, limit: MAX_PASTED_BYTES });
  const safeName = safeFileName(name, 'picture.png');
  const folder = path.join(folders.outbox, randomUUID());
  const file = path.join(folder, safeName);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(file, new Uint8Array(bytes), { mode: 0o600 });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw fail('folderUnwritable', { path: folder, detail: code ?? message }, error);
  }
  return { path: file, name: safeName };
}
