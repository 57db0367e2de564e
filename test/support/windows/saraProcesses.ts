// Sara's windows that are processes: all on the same data, each of any version.

import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Person, Town } from '../engines.ts';
import type { KillableWindow } from './takeoverTrials.ts';
import { WindowProcess } from './windowProcess.ts';

export interface SaraOptions {
  readonly town: Town;
  /** The built engine of a window that does not name another one. */
  readonly script: string;
  /** Of a window that does not name another one. */
  readonly version?: string;
  /** The engine's folder; one of the town's when absent. */
  readonly dataDir?: string;
  /** Of the windows. Without it this process's, with their meeting point in the town's folder, which goes with it. */
  readonly env?: NodeJS.ProcessEnv;
}

export class SaraProcesses {
  readonly #options: SaraOptions;
  readonly #open = new Set<WindowProcess>();

  constructor(options: SaraOptions) {
    this.#options = options;
  }

  get dataDir(): string {
    return this.#options.dataDir ?? path.join(this.#options.town.folder, 'sara', 'engine');
  }

  /** Attached. */
  async open(
    version = this.#options.version ?? '0.1.0',
    script = this.#options.script,
  ): Promise<WindowProcess> {
    const window = await this.start(version, script);
    await window.attached();
    return window;
  }

  async start(version: string, script = this.#options.script): Promise<WindowProcess> {
    const { town } = this.#options;
    const { env = { ...process.env, XDG_RUNTIME_DIR: town.folder } } = this.#options;
    await mkdir(this.dataDir, { recursive: true });
    const downloadFolder = path.join(town.folder, 'sara received');
    const window = new WindowProcess({ script, dataDir: this.dataDir, downloadFolder, version }, env);
    this.#open.add(window);
    return window;
  }

  async killable(name: string): Promise<KillableWindow & { readonly process: WindowProcess }> {
    let process = await this.open();
    return {
      name,
      get process() {
        return process;
      },
      isHosting: async () => process.isHosting,
      attached: (since) => process.attached(since),
      kill: () => process.kill(),
      reopen: async () => {
        process = await this.open();
      },
    };
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open].map((window) => window.close()));
  }
}

/** Sara signs up in this window and is connected with Bob; who she is. */
export async function befriendBob(window: WindowProcess, bob: Person): Promise<Person['fingerprint']> {
  const { registryUrl } = bob.town;
  const { fingerprint } = await window.request('signUp', { name: 'sara', registryUrl });
  const { peer } = await window.request('lookUp', { name: 'bob' });
  const connected = window.request('connect', { peer });
  await bob.window.peer(fingerprint, ({ link }) => link === 'asking');
  await bob.request('answerConnection', { peer: fingerprint, accept: true });
  await connected;
  return fingerprint;
}
