// Where `npm start` keeps its people: the registry, the demo peer and the editor's user are the same ones the next time.
import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import path from 'node:path';
import { cacheDir } from '../setup/places.mjs';

/** macOS takes 103 bytes for a socket's path, Linux 107. */
const MAX_SOCKET_PATH = 103;
/** The longest of the sockets that a desktop VS Code makes in its user's folder; they begin with its version. */
const SOCKET = '1.00-shared.sock';

export const startDir = process.env.HAMTA_START_DIR ?? path.join(cacheDir, 'start');
export const registryFile = path.join(startDir, 'registry.db');
export const peerDir = path.join(startDir, 'mina');
export const editorDir = path.join(startDir, 'editor');
export const desktopDir = desktopDirOf(startDir, process.platform, process.env);
export const projectDir = path.join(startDir, 'project');
export const ownerFile = path.join(startDir, 'running.pid');
export const lockFile = path.join(startDir, 'running.lock');

/**
 * Of the desktop editor's user. It does not start where the path of its socket is too long, which lies in this folder (on Linux, in
 * XDG_RUNTIME_DIR where there is one): then it is one in the home folder.
 */
export function desktopDirOf(
  folder: string,
  platform: NodeJS.Platform,
  env: NodeJS.ProcessEnv,
  homeDir = homedir,
): string {
  const wanted = path.join(folder, 'desktop');
  const hasSocketElsewhere = platform === 'win32' || (platform !== 'darwin' && env.XDG_RUNTIME_DIR);
  if (hasSocketElsewhere || Buffer.byteLength(path.join(wanted, SOCKET)) <= MAX_SOCKET_PATH) return wanted;
  const digest = createHash('sha256').update(folder).digest('hex').slice(0, 8);
  return path.join(homeDir(), '.hamta', `desktop-${digest}`);
}
