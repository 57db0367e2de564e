// How long the extension keeps its host's thread at the start of a window, as the editor itself has measured it.

import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { closeBrowsers, launchBrowser } from '../../test/support/editor/browser.ts';
import { EditorUser } from '../../test/support/editor/editorUser.ts';
import { type Spread, spreadOf } from '../statistics.ts';

const LOADER = fileURLToPath(new URL('./loadExtension.ts', import.meta.url));
const EXTENSION = fileURLToPath(new URL('../../dist/extension.cjs', import.meta.url));
const STORAGE = ['globalStorage', 'hamta.hamta'];
const SAID = /Activation: (\d+)ms/;
const run = promisify(execFile);

export interface Activation {
  /** Reading and evaluating its code, and the call of `activate` until it returns, in ms. */
  readonly signedUpMs: Spread;
  /** Of somebody who has not signed up. */
  readonly newMs: Spread;
  /** Reading and evaluating its code, in ms of the thread's own time: what other programs take is not in it. */
  readonly loadCpuMs: Spread;
}

/** In `rounds` windows each, each with a new extension host. */
export async function measureActivation(rounds: number): Promise<Activation> {
  const user = await EditorUser.start(await launchBrowser(), { name: 'sara' });
  try {
    const newMs = await windowsOf(user, rounds);
    const storage = path.join(user.folders.user, ...STORAGE);
    await mkdir(storage, { recursive: true });
    await writeFile(path.join(storage, 'signed-up'), '');
    const loads: number[] = [];
    for (let i = 0; i < rounds; i++) loads.push(await loadCpu());
    return { newMs, signedUpMs: await windowsOf(user, rounds), loadCpuMs: spreadOf(loads) };
  } finally {
    await user.close();
    await closeBrowsers();
  }
}

async function windowsOf(user: EditorUser, rounds: number): Promise<Spread> {
  const times: number[] = [];
  for (let i = 0; i < rounds; i++) times.push(await activationOf(user));
  return spreadOf(times);
}

async function activationOf(user: EditorUser): Promise<number> {
  const window = await user.openWindow('project');
  await window.runCommand('Developer: Show Running Extensions');
  const row = window.page.locator('.runtime-extensions-editor .monaco-list-row', { hasText: 'Hamta' });
  const time = row.locator('.activation-time', { hasText: SAID });
  const said = SAID.exec(await time.innerText());
  await window.close();
  return Number(said?.[1]);
}

async function loadCpu(): Promise<number> {
  const { stdout } = await run(process.execPath, [LOADER, EXTENSION]);
  return Number(stdout);
}
