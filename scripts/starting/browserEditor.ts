// VS Code in the person's own browser, for machines without a desktop VS Code.

import { editorFolders } from '../host/editorFolders.ts';
import { linkExtension } from '../host/extensions.ts';
import { installHost } from '../host/installHost.ts';
import { startVscodeServer } from '../host/vscodeServer.ts';
import { windowUrl } from '../host/windowUrl.ts';
import { root } from '../setup/places.mjs';
import { type EditorWishes, LOOPBACK, type RunningEditor, settingsFor } from './editor.ts';
import { portOrAny } from './freePort.ts';
import { editorDir } from './places.ts';

/** The browser keeps the window's state by address, so that it is the same one the next time. */
const USUAL_PORT = 8010;

export async function openBrowserEditor(wishes: EditorWishes): Promise<RunningEditor> {
  const host = await installHost();
  await linkExtension(root, editorFolders(editorDir));
  const server = await startVscodeServer({
    host,
    root: editorDir,
    port: await portOrAny(USUAL_PORT),
    settings: settingsFor(wishes),
    env: LOOPBACK,
  });
  const url = windowUrl(server.url, { folder: wishes.project });
  return {
    words: url,
    firstStep: 'Open the VS Code address above in your browser',
    ended: server.ended,
    stop: () => server.stop(),
  };
}
