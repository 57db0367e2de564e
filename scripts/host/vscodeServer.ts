// One running VS Code: the server that a browser opens windows of, with the extension hosts of those windows. It is on
// loopback, of one user, without a password.
import { mkdir } from 'node:fs/promises';
import { Background } from '../run/background.ts';
import { makeTemporaryFolder, removeTemporaryFolder } from '../run/temporaryFolder.ts';
import { type EditorFolders, editorFolders } from './editorFolders.ts';
import type { InstalledHost } from './installHost.ts';
import { RECONNECTION_GRACE_SECONDS, SERVER_START_MS } from './params.ts';
import { type Settings, seedSettings } from './userSettings.ts';

export interface ServerOptions {
  readonly host: InstalledHost;
  /** Holds all that this user has; see editorFolders.ts. */
  readonly root: string;
  /** 0, the default, takes a free one. */
  readonly port?: number;
  readonly settings?: Settings;
  /** Seen by the extension too. */
  readonly env?: Readonly<Record<string, string>>;
  /** The user's HOME; without it that of whoever runs this. */
  readonly home?: string;
  /**
   * Lets a window load an extension and a suite by path. The same switch makes VS Code refuse dialogs and show no toasts, so
   * that tests of what a person sees run without it.
   */
  readonly forSuites?: boolean;
}

export interface VscodeServer {
  readonly url: string;
  readonly folders: EditorFolders;
  /** XDG_RUNTIME_DIR of its extension hosts. */
  readonly runtimeDir: string;
  readonly ended: Promise<void>;
  /** Ends the server and every extension host. Nothing of it is left when this resolves. */
  stop(): Promise<void>;
}

export async function startVscodeServer(options: ServerOptions): Promise<VscodeServer> {
  const folders = editorFolders(options.root);
  await mkdir(folders.extensions, { recursive: true });
  if (options.home) await mkdir(options.home, { recursive: true });
  await seedSettings(folders.user, options.settings);
  // VS Code leaves its sockets behind.
  const sockets = await makeTemporaryFolder('vs');
  const server = new Background({
    name: 'VS Code',
    command: options.host.node,
    args: [options.host.main, ...flags(options, folders)],
    env: serverEnvironment(options, sockets),
  });
  const stop = async () => {
    await server.stop();
    await removeTemporaryFolder(sockets);
  };
  try {
    const ready = await server.said(/Extension host agent listening on (\d+)/, SERVER_START_MS);
    const url = `http://127.0.0.1:${ready[1]}`;
    return { url, folders, runtimeDir: sockets, ended: server.ended, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function flags(options: ServerOptions, folders: EditorFolders): string[] {
  const all = ['--host', '127.0.0.1', '--port', String(options.port ?? 0), '--without-connection-token'];
  all.push('--accept-server-license-terms', '--telemetry-level', 'off');
  all.push('--server-data-dir', folders.data, '--extensions-dir', folders.extensions);
  all.push('--reconnection-grace-time', String(RECONNECTION_GRACE_SECONDS));
  if (options.forSuites) all.push('--enable-smoke-test-driver');
  return all;
}

/** Ours, without what would make this VS Code believe that it runs inside another one, or inside npm. */
export function editorEnvironment(): NodeJS.ProcessEnv {
  const foreign = /^(VSCODE_|ELECTRON_|npm_)|^NODE_OPTIONS$/i;
  return Object.fromEntries(Object.entries(process.env).filter(([key]) => !foreign.test(key)));
}

function serverEnvironment(options: ServerOptions, sockets: string): NodeJS.ProcessEnv {
  const env = editorEnvironment();
  if (options.home) {
    for (const key of Object.keys(env)) if (/^XDG_.*_HOME$/.test(key)) delete env[key];
    env.HOME = options.home;
    env.USERPROFILE = options.home;
  }
  return {
    ...env,
    ...options.env,
    XDG_RUNTIME_DIR: sockets,
    // Else every extension host first runs a login shell to read its environment.
    VSCODE_CLI: '1',
    // No marketplace: nothing is looked up on the network.
    EXTENSIONS_GALLERY: JSON.stringify({ serviceUrl: '', itemUrl: '', resourceUrlTemplate: '' }),
  };
}
