// One person with a VS Code of their own: server, folders, home and browser profile. Two of them share nothing but loopback
// and the disk. Everything is thrown away at close().
import { cp, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { type EditorFolders, editorFolders } from '../../../scripts/host/editorFolders.ts';
import { installVsix, linkExtension } from '../../../scripts/host/extensions.ts';
import { type InstalledHost, installHost } from '../../../scripts/host/installHost.ts';
import type { Settings } from '../../../scripts/host/userSettings.ts';
import { startVscodeServer, type VscodeServer } from '../../../scripts/host/vscodeServer.ts';
import { windowUrl } from '../../../scripts/host/windowUrl.ts';
import { endOnSignals } from '../../../scripts/run/background.ts';
import { makeTemporaryFolder, removeTemporaryFolder } from '../../../scripts/run/temporaryFolder.ts';
import { root as checkout } from '../../../scripts/setup/places.mjs';
import { moveAway } from './farAway.ts';
import { registerWebviewWorkerFirst } from './webviewWorker.ts';
import { Workbench } from './workbench.ts';

export interface EditorUserOptions {
  readonly name: string;
  readonly settings?: Settings;
  /** For the extension, on top of what keeps it on loopback. */
  readonly env?: Readonly<Record<string, string>>;
  /** A .vsix to install or a folder to link; without it the built checkout is linked. */
  readonly extension?: string;
  readonly viewport?: { readonly width: number; readonly height: number };
  /** How long each message is on its way between the windows and the extensions, as where these run on another computer. */
  readonly oneWayMs?: number;
}

const VIEWPORT = { width: 1280, height: 800 };
const everybody = new Set<EditorUser>();
endOnSignals();

/** All users that are running in this process: what is shown and logged of them when a test fails. */
export function runningUsers(): ReadonlySet<EditorUser> {
  return everybody;
}

export class EditorUser {
  readonly name: string;
  /** A folder that is deleted at close(): for files of this user. */
  readonly root: string;
  readonly folders: EditorFolders;
  readonly #server: VscodeServer;
  readonly #context: BrowserContext;
  readonly #windows = new Set<Workbench>();

  private constructor(name: string, root: string, server: VscodeServer, context: BrowserContext) {
    this.name = name;
    this.root = root;
    this.folders = server.folders;
    this.#server = server;
    this.#context = context;
  }

  static async start(browser: Browser, options: EditorUserOptions): Promise<EditorUser> {
    const host = await installHost();
    const root = await makeTemporaryFolder(options.name);
    await installInto(editorFolders(root), options, host);
    const server = await startVscodeServer({
      host,
      root,
      home: path.join(root, 'home'),
      settings: { 'window.title': options.name, ...options.settings },
      env: { HAMTA_LISTEN_HOST: '127.0.0.1', ...options.env },
    });
    const context = await browser.newContext({ viewport: options.viewport ?? VIEWPORT });
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: server.url });
    await registerWebviewWorkerFirst(context, host);
    if (options.oneWayMs !== undefined) await moveAway(context, options.oneWayMs);
    const user = new EditorUser(options.name, root, server, context);
    everybody.add(user);
    return user;
  }

  /** XDG_RUNTIME_DIR of the extension hosts. */
  get runtimeDir(): string {
    return this.#server.runtimeDir;
  }

  get windows(): ReadonlySet<Workbench> {
    return this.#windows;
  }

  /** Opens a window on a folder of this user, which is made where it is missing. Each window has an extension host of its own. */
  async openWindow(folder = 'project'): Promise<Workbench> {
    const workspace = path.resolve(this.root, folder);
    await mkdir(workspace, { recursive: true });
    const window = new Workbench(await this.#newPage());
    this.#windows.add(window);
    window.page.once('close', () => this.#windows.delete(window));
    await window.open(windowUrl(this.#server.url, { folder: workspace }));
    return window;
  }

  /**
   * Each in a window of the browser's own. As tabs of one they would lie behind each other, and what lies behind is drawn once a
   * second at times: whoever presses there waits for that, or moves on before.
   */
  async #newPage(): Promise<Page> {
    const [first] = this.#context.pages();
    return first === undefined ? this.#context.newPage() : newWindowBeside(first);
  }

  /** Copies the logs of the server and of the extension hosts, with the windows' consoles. */
  async saveLogs(folder: string): Promise<void> {
    await mkdir(folder, { recursive: true });
    const logs = path.join(this.folders.data, 'data', 'logs');
    await cp(logs, folder, { recursive: true }).catch(() => undefined);
    for (const [index, { consoleLines }] of [...this.#windows].entries())
      await writeFile(path.join(folder, `window-${index + 1}.log`), consoleLines.join('\n'));
  }

  async close(): Promise<void> {
    everybody.delete(this);
    await this.#context.close();
    await this.#server.stop();
    await removeTemporaryFolder(this.root);
  }
}

async function newWindowBeside(first: Page): Promise<Page> {
  const session = await first.context().newCDPSession(first);
  const { targetInfo } = await session.send('Target.getTargetInfo');
  const wish = { url: 'about:blank', browserContextId: targetInfo.browserContextId ?? '', newWindow: true };
  const [opened] = await Promise.all([
    first.context().waitForEvent('page'),
    session.send('Target.createTarget', wish),
  ]);
  await session.detach();
  return opened;
}

async function installInto(
  folders: EditorFolders,
  { extension = checkout }: EditorUserOptions,
  host: InstalledHost,
): Promise<void> {
  if (extension.endsWith('.vsix')) await installVsix(extension, folders, host);
  else await linkExtension(extension, folders);
}
