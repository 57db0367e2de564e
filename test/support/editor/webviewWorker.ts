// VS Code in a browser serves what webviews show through a service worker, which the first webview registers. Where two load at
// that moment the worker can miss one of them, which then stays blank for ever. So a page of ours registers it beforehand.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { BrowserContext } from 'playwright-core';
import type { InstalledHost } from '../../../scripts/host/installHost.ts';

const FOLDER = 'vs/workbench/contrib/webview/browser/pre';

export async function registerWebviewWorkerFirst(
  context: BrowserContext,
  host: InstalledHost,
): Promise<void> {
  const source = await readFile(path.join(host.dir, 'out', FOLDER, 'service-worker.js'), 'utf8');
  const version = /\bVERSION\s*=\s*(\d+)/.exec(source)?.[1];
  if (!version)
    throw new Error('This VS Code has no version in its webview service worker: look at webviewWorker.ts.');
  await context.addInitScript(registerInPage, { folder: FOLDER, version });
}

/** Runs in the page, also in frames, which are left alone. */
function registerInPage({ folder, version }: { folder: string; version: string }): void {
  if (window !== window.top || !navigator.serviceWorker) return;
  addEventListener('DOMContentLoaded', () => {
    const base = document.getElementById('vscode-workbench-web-base-url')?.dataset.settings;
    if (!base) return;
    // Letter for letter what a webview asks for: under another address it would put its own in this one's place.
    const query = [
      `v=${version}`,
      'vscode-resource-base-authority=vscode-resource.vscode-cdn.net',
      `remoteAuthority=${location.host}`,
      'platform=browser',
    ].join('&');
    const script = new URL(`${base}/out/${folder}/service-worker.js`, location.href).href;
    navigator.serviceWorker
      .register(encodeURI(`${script}?${query}`))
      .catch((error) => console.warn(String(error)));
  });
}
