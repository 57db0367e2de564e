// How long the extension keeps its host's thread at the start of a window. The extension is loaded by activationProbe.cts, and what
// the editor itself shows stands beside: that is by the clock, on a machine where a window starts half a dozen programs at once.

import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeTemporaryFolder, removeTemporaryFolder } from '../../scripts/run/temporaryFolder.ts';
import { root as checkout } from '../../scripts/setup/places.mjs';
import { closeBrowsers, launchBrowser } from '../../test/support/editor/browser.ts';
import { EditorUser } from '../../test/support/editor/editorUser.ts';
import { type Spread, spreadOf } from '../statistics.ts';

const PROBE = fileURLToPath(new URL('./activationProbe.cts', import.meta.url));
const STORAGE = ['globalStorage', 'hamta.hamta'];
const SAID = /Activation: (\d+)ms/;

export interface Activation {
  readonly signedUp: Start;
  /** Of somebody who has not signed up. */
  readonly newcomer: Start;
}

export interface Start {
  /** Reading and evaluating its code, and `activate` until it has resolved: of the thread's own time. */
  readonly threadMs: Spread;
  /** The same by the clock. */
  readonly wallMs: Spread;
  /** What the editor shows: by the clock, with the editor's own work for it, until the call of `activate` returns. */
  readonly editorMs: Spread;
}

/** In `rounds` windows each, each with a new extension host. */
export async function measureActivation(rounds: number): Promise<Activation> {
  const extension = await probedExtension();
  const results = path.join(extension, 'activations');
  const user = await EditorUser.start(await launchBrowser(), {
    name: 'sara',
    extension,
    env: { HAMTA_ACTIVATION: results },
  });
  try {
    const newcomer = await startsOf(user, results, rounds, async () => {});
    return { newcomer, signedUp: await startsOf(user, results, rounds, () => markSignedUp(user)) };
  } finally {
    await user.close();
    await closeBrowsers();
    await removeTemporaryFolder(extension);
  }
}

/** A folder that an editor takes for the extension, with the probe in front of its code. */
async function probedExtension(): Promise<string> {
  const folder = await makeTemporaryFolder('activation');
  const manifest = JSON.parse(await readFile(path.join(checkout, 'package.json'), 'utf8'));
  await writeFile(
    path.join(folder, 'package.json'),
    JSON.stringify({ ...manifest, main: './probe.cts', type: 'commonjs' }),
  );
  await cp(PROBE, path.join(folder, 'probe.cts'));
  const shared = ['package.nls.json', 'package.nls.fa.json', 'l10n', 'media', 'dist'];
  await Promise.all(shared.map((name) => symlink(path.join(checkout, name), path.join(folder, name))));
  return folder;
}

/** Of each window: nobody has signed up in fact, and the first window finds that out. */
async function markSignedUp(user: EditorUser): Promise<void> {
  const storage = path.join(user.folders.user, ...STORAGE);
  await mkdir(storage, { recursive: true });
  await writeFile(path.join(storage, 'signed-up'), '');
}

async function startsOf(
  user: EditorUser,
  results: string,
  rounds: number,
  prepare: () => Promise<void>,
): Promise<Start> {
  await writeFile(results, '');
  const editorMs: number[] = [];
  for (let i = 0; i < rounds; i++) {
    await prepare();
    editorMs.push(await activationOf(user));
  }
  const measured = measuredIn(await readFile(results, 'utf8'));
  return {
    threadMs: spreadOf(measured.map(({ loadMs, activateMs }) => loadMs + activateMs)),
    wallMs: spreadOf(measured.map(({ wallMs }) => wallMs)),
    editorMs: spreadOf(editorMs),
  };
}

interface Measured {
  readonly loadMs: number;
  readonly activateMs: number;
  readonly wallMs: number;
}

function measuredIn(lines: string): Measured[] {
  return lines
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Measured);
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
