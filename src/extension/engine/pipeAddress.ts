// Where the windows of one user data folder meet their engine: the same for all of them, another for every other folder or user.

import { createHash } from 'node:crypto';
import { accessSync, constants, statSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { fail } from '../../contract/failure.ts';
import { makeSocketFolder } from '../../pipe/socketFolder.ts';

/** macOS takes 103 bytes for a socket's path, Linux 107. */
const MAX_SOCKET_PATH = 100;

export interface Surroundings {
  readonly platform: NodeJS.Platform;
  /** The account's name or number. */
  readonly user: string;
  /** XDG_RUNTIME_DIR, which only this user can enter; undefined where there is none. */
  readonly runtimeDir?: string | undefined;
  /** The account's own, where sockets can lie in it. */
  readonly homeDir?: string | undefined;
  readonly tempDir: string;
}

export function surroundings(): Surroundings {
  // In a container an account may have a number and no name, and whoever asks for its name throws.
  const user = process.getuid === undefined ? userInfo().username : String(process.getuid());
  const folders = { runtimeDir: runtimeDir(), homeDir: homeDir(), tempDir: tempDir() };
  return { platform: process.platform, user, ...folders };
}

/** Shells of another account, containers and WSL name folders that are not there, or not ours. */
function runtimeDir(): string | undefined {
  const { XDG_RUNTIME_DIR: folder } = process.env;
  return folder !== undefined && isOwn(folder) ? folder : undefined;
}

/**
 * On macOS, which names no runtime folder, and where the editor has a socket of its own below the home folder; elsewhere that may lie on a
 * network, which takes none. Not HOME, which a shell may change.
 */
function homeDir(): string | undefined {
  if (process.platform !== 'darwin') return undefined;
  try {
    const { homedir } = userInfo();
    return isOwn(homedir) ? homedir : undefined;
  } catch {
    return undefined;
  }
}

function isOwn(folder: string): boolean {
  return isWritable(folder) && statSync(folder, { throwIfNoEntry: false })?.uid === process.getuid?.();
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Not TMPDIR where it can be helped: shells of nix and jobs of clusters have their own, and windows opened from them would find no other. */
function tempDir(): string {
  return isWritable('/tmp') ? '/tmp' : tmpdir();
}

/** A Windows pipe, or a socket file alone in its folder. The path holds only a digest of `dataDir`, as that may be long. */
export function pipeAddressOf(
  dataDir: string,
  { platform, user, runtimeDir, homeDir, tempDir }: Surroundings,
): string {
  const windows = platform === 'win32';
  const place = windows ? path.win32.resolve(dataDir).toLowerCase() : path.posix.resolve(dataDir);
  const digest = createHash('sha256').update(`${user}\0${place}`).digest('hex').slice(0, 16);
  if (windows) return `\\\\.\\pipe\\hamta-${digest}`;
  const ownDir = homeDir && `${homeDir}/.hamta`;
  const candidates = [runtimeDir, ownDir, tempDir, '/tmp'].filter((folder) => folder?.startsWith('/'));
  const sockets = candidates.map((folder) => `${folder}/hamta-${user}-${digest}/engine.sock`);
  return sockets.find((socket) => Buffer.byteLength(socket) <= MAX_SOCKET_PATH) ?? (sockets.at(-1) as string);
}

/**
 * Makes the socket's folder, for this user only. In a temporary folder anybody could have made it first and listen there in
 * the engine's place: then this throws the failure `pipeUnusable`.
 */
export async function claimSocketFolder(address: string): Promise<void> {
  const detail = await makeSocketFolder(address);
  if (detail !== undefined) throw fail('pipeUnusable', { path: path.dirname(address), detail });
}
