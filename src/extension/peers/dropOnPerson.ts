// Files dropped on a person's row go to that person: from the desktop, the Explorer or an editor tab.

import type { DataTransfer, DataTransferFile, TreeDragAndDropController } from 'vscode';
import type { Fingerprint } from '../../contract/fingerprint.ts';
import { sendBytes, sendUris } from '../chat/sendFiles.ts';
import { urisOf } from '../chat/uriList.ts';
import type { Services } from '../services.ts';
import type { Row } from './peersTree.ts';

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
  for (const file of filesIn(dropped)) {
    if (file.uri !== undefined) await sendUris(services, peer, [file.uri.toString()], 'whatItIs');
    else await sendBytes(services, peer, { name: file.name, bytes: await file.data() });
  }
}

function filesIn(dropped: DataTransfer): DataTransferFile[] {
  return [...dropped].map(([, item]) => item.asFile()).filter((file) => file !== undefined);
}
