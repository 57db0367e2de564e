// A window of a real editor whose extension host can be killed at any time. What goes on in there is read from its log.

import { glob, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { EditorUser } from '../editor/editorUser.ts';
import type { Workbench } from '../editor/workbench.ts';
import { momentNow } from '../soak/testimony.ts';
import type { KillableWindow } from './takeoverTrials.ts';

const ATTACHED =
  /^(\S+ \S+) \[info\] window: attached, process (\d+), (this|another) window runs the engine$/gm;
const PAUSE_MS = 20;
const PATIENCE_MS = 60_000;

interface Attached {
  /** As momentNow, to a millisecond. */
  readonly at: number;
  readonly pid: number;
  readonly isHosting: boolean;
}

export class EditorWindow implements KillableWindow {
  readonly name: string;
  readonly #user: EditorUser;
  readonly #claimed: Set<number>;
  #workbench: Workbench;
  #log: { readonly file: string; readonly pid: number } | undefined;

  private constructor(name: string, user: EditorUser, workbench: Workbench, claimed: Set<number>) {
    this.name = name;
    this.#user = user;
    this.#workbench = workbench;
    this.#claimed = claimed;
  }

  /** Resolves once it is attached. `claimed` holds the processes that are known, and gets this one's. */
  static async open(name: string, user: EditorUser, claimed: Set<number>): Promise<EditorWindow> {
    const window = new EditorWindow(name, user, await user.openWindow(name), claimed);
    await window.#find();
    return window;
  }

  get workbench(): Workbench {
    return this.#workbench;
  }

  get pid(): number {
    return this.#log?.pid ?? 0;
  }

  async isHosting(): Promise<boolean> {
    return (await this.#last())?.isHosting === true;
  }

  async attached(since: number): Promise<number> {
    return (
      await this.#until(async () => {
        const last = await this.#last();
        return last !== undefined && last.at > since ? last : undefined;
      })
    ).at;
  }

  /** The page goes with it: it would start another extension host by itself. */
  async kill(): Promise<void> {
    process.kill(this.pid, 'SIGKILL');
    await this.#workbench.close();
  }

  async reopen(): Promise<void> {
    this.#workbench = await this.#user.openWindow(this.name);
    await this.#find();
  }

  /** Which log is this window's: that of a process which nobody else is. */
  async #find(): Promise<void> {
    this.#log = await this.#until(async () => {
      for await (const file of glob(path.join(this.#user.folders.data, 'data/logs/**/Hamta.log'))) {
        const pid = attachedIn(await readFile(file, 'utf8')).at(-1)?.pid;
        if (pid !== undefined && !this.#claimed.has(pid) && isAlive(pid)) return { file, pid };
      }
      return undefined;
    });
    this.#claimed.add(this.#log.pid);
  }

  /** A page that was quicker than its end has left an extension host that ends after a while, and may have been taken for ours. */
  async #last(): Promise<Attached | undefined> {
    if (!isAlive(this.pid)) await this.#find();
    return this.#log === undefined ? undefined : attachedIn(await readFile(this.#log.file, 'utf8')).at(-1);
  }

  async #until<Found>(find: () => Promise<Found | undefined>): Promise<Found> {
    for (const deadline = performance.now() + PATIENCE_MS; performance.now() < deadline; ) {
      const found = await find();
      if (found !== undefined) return found;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    throw new Error(`after ${PATIENCE_MS} ms the log of ${this.name} has nothing new`);
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** The log has the time of day, which is not set while this runs. */
function attachedIn(log: string): Attached[] {
  const offset = momentNow() - Date.now();
  return [...log.matchAll(ATTACHED)].map(([, at = '', pid, host]) => ({
    at: Date.parse(at.replace(' ', 'T')) + offset,
    pid: Number(pid),
    isHosting: host === 'this',
  }));
}
