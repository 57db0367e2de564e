// The person's desktop VS Code, as a user of its own: their settings and extensions stay out of it.
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { seedSettings } from '../host/userSettings.ts';
import { editorEnvironment } from '../host/vscodeServer.ts';
import { Background } from '../run/background.ts';
import { isWindows, root } from '../setup/places.mjs';
import { type EditorWishes, LOOPBACK, type RunningEditor, settingsFor } from './editor.ts';
import { desktopDir } from './places.ts';

/** The editor writes its process id here. */
const lockFile = path.join(desktopDir, 'code.lock');

/** The `code` command where it opens a window on this machine; undefined where there is none, or no screen. */
export function findDesktopEditor(): string | undefined {
  // In a terminal of a remote VS Code, `code` opens files in that window and nothing else.
  if (process.env.VSCODE_IPC_HOOK_CLI) return undefined;
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return undefined;
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const name = isWindows ? 'code.cmd' : 'code';
  return folders.map((folder) => path.join(folder, name)).find((file) => existsSync(file));
}

export async function openDesktopEditor(command: string, wishes: EditorWishes): Promise<RunningEditor> {
  await seedSettings(path.join(desktopDir, 'User'), settingsFor(wishes));
  // What an editor that crashed has left would name somebody else's process by now.
  await rm(lockFile, { force: true });
  const args = ['--new-window', '--wait', '--user-data-dir', desktopDir];
  args.push('--extensions-dir', path.join(desktopDir, 'extensions'), `--extensionDevelopmentPath=${root}`);
  // VS Code insists on this where it is started by root.
  if (process.getuid?.() === 0) args.push('--no-sandbox');
  const program = new Background({
    name: 'VS Code',
    command: isWindows ? `"${command}"` : command,
    args: [...args, wishes.project].map((argument) => (isWindows ? `"${argument}"` : argument)),
    env: { ...editorEnvironment(), ...LOOPBACK },
    shell: isWindows,
  });
  return {
    words: 'the window that has just opened',
    firstStep: 'Go to the VS Code window that has just opened',
    ended: program.ended,
    stop: async () => {
      await endEditor();
      await program.stop();
    },
  };
}

// `code --wait` waits for an editor that is not its child.
async function endEditor(): Promise<void> {
  const pid = Number(await readFile(lockFile, 'utf8').catch(() => ''));
  if (!pid) return;
  try {
    process.kill(pid, 'SIGTERM');
  } catch {
    // It has ended by itself.
  }
}
