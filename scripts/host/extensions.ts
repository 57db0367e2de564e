// Puts an extension into a VS Code user's extensions folder, before the server starts.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runProgram } from '../run/runProgram.ts';
import type { EditorFolders } from './editorFolders.ts';
import type { InstalledHost } from './installHost.ts';
import { editorEnvironment } from './vscodeServer.ts';

interface Registered {
  readonly identifier: { readonly id: string };
}

const INSTALL_MS = 60_000;

/** Makes a folder with a built extension count as installed, in place: no packaging, and a rebuild shows at the next reload. */
export async function linkExtension(folder: string, into: EditorFolders): Promise<void> {
  const manifest = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8')) as Record<
    string,
    string
  >;
  const id = `${manifest.publisher}.${manifest.name}`;
  const entry = {
    identifier: { id },
    version: manifest.version,
    location: { $mid: 1, scheme: 'file', path: uriPath(folder) },
    metadata: { installedTimestamp: Date.now(), pinned: true, source: 'vsix' },
  };
  const file = path.join(into.extensions, 'extensions.json');
  const others = (await registeredIn(file)).filter((other) => other.identifier.id !== id);
  await mkdir(into.extensions, { recursive: true });
  await writeFile(file, JSON.stringify([...others, entry]));
}

/** Installs a packaged extension the way a user does. Rejects with VS Code's own words when it refuses. */
export async function installVsix(vsix: string, into: EditorFolders, host: InstalledHost): Promise<void> {
  const args = [host.main, '--install-extension', vsix, '--force', '--accept-server-license-terms'];
  args.push('--extensions-dir', into.extensions, '--server-data-dir', into.data);
  const { code, output } = await runProgram(host.node, args, {
    env: editorEnvironment(),
    timeoutMs: INSTALL_MS,
  });
  // A package that is refused may still end with code 0.
  if (code === 0 && output.includes('was successfully installed')) return;
  throw new Error(`VS Code did not install ${vsix}:\n${output.trim()}`);
}

/** A path as it stands in a URI: forward slashes, with one in front. */
export function uriPath(file: string): string {
  const slashes = path.resolve(file).split(path.sep).join('/');
  return slashes.startsWith('/') ? slashes : `/${slashes}`;
}

async function registeredIn(file: string): Promise<Registered[]> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Registered[];
  } catch {
    return [];
  }
}
