// Files dropped on a person's row go to that person: from the desktop, the Explorer or an editor tab.

import {
  type DataTransfer,
  type DataTransferFile,
  ProgressLocation,
  type TreeDragAndDropController,
  window,
} from 'vscode';
import type { Fingerprint } from '../../contract/fingerprint.ts';
import { MAX_PASTED_BYTES } from '../../contract/panel.ts';
import { pickAndSend } from '../chat/pickFiles.ts';
import { sendBytes, sendInTurn, sendUris } from '../chat/sendFiles.ts';
import { urisOf } from '../chat/uriList.ts';
import { inText } from '../inText.ts';
import { l10n } from '../l10n.ts';
import type { Services } from '../services.ts';
import { sizeText } from './amounts.ts';
import type { Row } from './row.ts';

export class DropOnPerson implements TreeDragAndDropController<Row> {
  readonly dropMimeTypes = ['files', 'text/uri-list'];
  readonly dragMimeTypes = [];
  readonly #services: Services;

  constructor(services: Services) {
    this.#services = services;
  }

  async handleDrop(row: Row | undefined, dropped: DataTransfer): Promise<void> {
    if (row?.peer === undefined) return;
    try {
      await sendAll(this.#services, row.peer, dropped);
    } catch (error) {
      void this.#services.failures.show(error);
    }
  }
}

/** The editor's own items have addresses; what comes from outside has, on the web, only bytes. */
async function sendAll(services: Services, peer: Fingerprint, dropped: DataTransfer): Promise<void> {
  const uris = urisOf((await dropped.get('text/uri-list')?.asString()) ?? '');
  if (uris.length > 0) return sendUris(services, peer, uris, 'whatItIs');
  return sendInTurn(services, filesIn(dropped), (file) =>
    file.uri === undefined
      ? sendDropped(services, peer, file)
      : sendUris(services, peer, [file.uri.toString()], 'whatItIs'),
  );
}

/** The editor tells the size of a file without a path only with its bytes, and in a browser these take a while. */
async function sendDropped(services: Services, peer: Fingerprint, file: DataTransferFile): Promise<void> {
  const title = l10n.t('Reading {0}', inText(file.name));
  const bytes = await window.withProgress({ location: ProgressLocation.Window, title }, () => file.data());
  if (bytes.byteLength <= MAX_PASTED_BYTES) return sendBytes(services, peer, { name: file.name, bytes });
  // Not awaited: other files of the same drop need not wait until the message is closed.
  void offerToPick(services, peer, file.name, bytes.byteLength).catch((error) =>
    services.failures.show(error),
  );
}

async function offerToPick(
  services: Services,
  peer: Fingerprint,
  name: string,
  sizeBytes: number,
): Promise<void> {
  const [size, limit] = [sizeBytes, MAX_PASTED_BYTES].map((each) => sizeText(each, services.language.locale));
  const sendFile = l10n.t('Send File');
  const text = l10n.t(
    '{0} has {1}; what is dropped here can have {2}. Choose it as a file instead.',
    inText(name),
    size ?? '',
    limit ?? '',
  );
  if ((await window.showWarningMessage(text, sendFile)) === sendFile)
    await pickAndSend(services, peer, 'file');
}

function filesIn(dropped: DataTransfer): DataTransferFile[] {
  return [...dropped].map(([, item]) => item.asFile()).filter((file) => file !== undefined);
}
