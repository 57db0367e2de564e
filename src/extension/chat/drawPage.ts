// Puts the page into a chat panel, with what it may load and run.

import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { l10n, Uri, type WebviewOptions, type WebviewPanel, workspace } from 'vscode';
import { THUMBNAIL_FOLDER } from '../../contract/engineStart.ts';
import type { Fingerprint } from '../../contract/fingerprint.ts';
import { engineSettings } from '../editorSettings.ts';
import type { Services } from '../services.ts';
import { allowedFolders } from './allowedFolders.ts';
import { chatPage } from './chatPage.ts';

export function drawPage({ webview, title }: WebviewPanel, peer: Fingerprint, services: Services): void {
  const inDist = (file: string) =>
    webview.asWebviewUri(Uri.joinPath(services.extensionUri, 'dist', file)).toString();
  webview.options = optionsFor(peer, services);
  webview.html = chatPage({
    script: inDist('webview.js'),
    highlighter: inDist('highlighter.js'),
    style: inDist('webview.css'),
    source: webview.cspSource,
    nonce: randomBytes(16).toString('hex'),
    locale: services.language.locale,
    words: l10n.bundle,
    title,
  });
}

/** The folders as they are known now. Setting other ones draws a page that is in sight anew. */
export function optionsFor(peer: Fingerprint, { engine, extensionUri, folders }: Services): WebviewOptions {
  const always = [
    path.join(folders.engine, THUMBNAIL_FOLDER),
    folders.outbox,
    engineSettings().downloadFolder,
    ...(workspace.workspaceFolders ?? []).flatMap(({ uri }) => (uri.scheme === 'file' ? [uri.fsPath] : [])),
  ];
  const own = Uri.joinPath(extensionUri, 'dist');
  const others = allowedFolders(engine.state, peer, always).map((folder) => Uri.file(folder));
  return { enableScripts: true, localResourceRoots: [own, ...others] };
}
