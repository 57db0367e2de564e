// Sara's five windows, two of them real editors, all on the data of those editors: for test/editor and bench.

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { editorEnvironment } from '../../../scripts/host/vscodeServer.ts';
import { closeBrowsers, launchBrowser } from '../editor/browser.ts';
import { EditorUser } from '../editor/editorUser.ts';
import { Town } from '../engines.ts';
import { buildEngine } from './builtEngine.ts';
import { EditorWindow } from './editorWindow.ts';
import { befriendBob, SaraProcesses } from './saraProcesses.ts';
import { TakeoverTrials } from './takeoverTrials.ts';

const MANIFEST = new URL('../../../package.json', import.meta.url);
const STORAGE = ['globalStorage', 'hamta.hamta'];

export interface FiveWindows {
  readonly trials: TakeoverTrials;
  readonly editors: readonly EditorWindow[];
  /** Opens more windows on the same data. */
  readonly processes: SaraProcesses;
  close(): Promise<void>;
}

/** The built extension is what the editors have. */
export async function openFiveWindows(): Promise<FiveWindows> {
  const { version } = JSON.parse(await readFile(MANIFEST, 'utf8')) as { readonly version: string };
  const town = await Town.open();
  const bob = await town.person('bob');
  const user = await EditorUser.start(await launchBrowser(), { name: 'sara' });
  const storage = path.join(user.folders.user, ...STORAGE);
  await mkdir(storage, { recursive: true });
  // As in an editor whose person has signed up: its windows then attach by themselves.
  await writeFile(path.join(storage, 'signed-up'), '');
  const processes = new SaraProcesses({
    town,
    version,
    script: await buildEngine(path.join(town.folder, 'engine.mjs')),
    dataDir: path.join(storage, 'engine'),
    env: { ...editorEnvironment(), XDG_RUNTIME_DIR: user.runtimeDir },
  });
  const claimed = new Set<number>();
  const three = await Promise.all(['one', 'two', 'three'].map((name) => processes.killable(name)));
  const [first] = three;
  if (first === undefined) throw new Error('there is no window');
  const sara = await befriendBob(first.process, bob);
  const editors: EditorWindow[] = [];
  for (const name of ['four', 'five']) {
    editors.push(await EditorWindow.open(name, user, claimed));
  }
  const writers = three.map((window) => () => window.process);
  return {
    trials: new TakeoverTrials(town, bob, sara, [...three, ...editors], writers),
    editors,
    processes,
    close: async () => {
      await processes.close();
      await user.close();
      await closeBrowsers();
      await town.close();
    },
  };
}
