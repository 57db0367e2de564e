// Small files in a folder that all windows of a person share, one thing in each. Whoever writes one leaves the others as they are, so that
// no window takes back what another one has written.

import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { renamePatiently } from '../../base/heldFile.ts';
import { turns } from '../../base/turns.ts';

/** Another program may look at a file so long before it has its name: a window that goes waits for it. */
const HELD_MS = 1_500;
/** A file that has had no name for so long is of a window that was killed. */
const UNFINISHED_MS = 60_000;

/** Names are `<group>.<more>.json`. */
export class Slips<Slip> {
  readonly #folder: string;
  readonly #slipIn: (content: unknown) => Slip | undefined;
  readonly #note: (error: unknown) => void;
  readonly #known = new Map<string, Slip>();
  /** What the disk has not, in the order in which it was said. */
  readonly #changed = new Set<string>();
  readonly #turns = turns();

  /**
   * `slipIn` is total: an older version may have left anything. `note` is told what could not be read or written; it stays in memory then,
   * and is tried again with the next.
   */
  constructor(
    folder: string,
    slipIn: (content: unknown) => Slip | undefined,
    note: (error: unknown) => void,
  ) {
    this.#folder = folder;
    this.#slipIn = slipIn;
    this.#note = note;
  }

  get(name: string): Slip | undefined {
    return this.#known.get(name);
  }

  entries(): [string, Slip][] {
    return [...this.#known];
  }

  /** On the disk with the next `save`, after all that was said before. */
  put(name: string, slip: Slip): void {
    this.#known.set(name, slip);
    this.#change(name);
  }

  remove(name: string): void {
    if (this.#known.delete(name)) this.#change(name);
  }

  /** Reads what there is, other windows' included. Never rejects. */
  load(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#saveChanged();
      const names = await this.#names();
      // What the disk has of these is older: nothing there takes the place of what is here.
      const isSettled = (name: string) => !this.#changed.has(name);
      const there = new Set(names);
      for (const name of names) {
        const slip = await this.#read(name, () => there.delete(name));
        if (slip !== undefined && isSettled(name)) this.#known.set(name, slip);
      }
      for (const name of this.#known.keys())
        if (isSettled(name) && !there.has(name)) this.#known.delete(name);
    });
  }

  /** Resolves when everything is on the disk. Never rejects. */
  save(): Promise<void> {
    return this.#inTurn(() => this.#saveChanged());
  }

  #change(name: string): void {
    this.#changed.delete(name);
    this.#changed.add(name);
  }

  /** One after the other: what is on the disk is what was said last. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    return this.#turns(work).catch(this.#note);
  }

  /** In order, with what is said meanwhile; of a group, nothing after what the disk does not take. */
  async #saveChanged(): Promise<void> {
    const stuck = new Set<string>();
    for (const name of this.#changed) {
      const group = name.slice(0, name.indexOf('.'));
      if (stuck.has(group)) continue;
      const slip = this.#known.get(name);
      try {
        await this.#write(name, slip);
        if (this.#known.get(name) === slip) this.#changed.delete(name);
      } catch (error) {
        stuck.add(group);
        this.#note(error);
      }
    }
  }

  /** Whole or not at all, whenever this process ends. */
  async #write(name: string, slip: Slip | undefined): Promise<void> {
    const file = path.join(this.#folder, name);
    if (slip === undefined) return rm(file, { force: true });
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const unfinished = `${file}.${process.pid}`;
    await writeFile(unfinished, JSON.stringify(slip), { mode: 0o600 });
    await renamePatiently(() => rename(unfinished, file), {
      ...{ platform: process.platform, patienceMs: HELD_MS, pause: setTimeout },
    });
  }

  /** Of what is whole. What a killed window has left unfinished goes. */
  async #names(): Promise<string[]> {
    const all = await readdir(this.#folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
      return [];
    });
    for (const name of all.filter((each) => /\.json\.\d+$/.test(each))) await this.#sweep(name);
    return all.filter((name) => name.endsWith('.json'));
  }

  async #sweep(name: string): Promise<void> {
    const file = path.join(this.#folder, name);
    try {
      if (Date.now() - (await stat(file)).mtimeMs > UNFINISHED_MS) await rm(file, { force: true });
    } catch {
      // It has its name by now, or goes another time.
    }
  }

  /** `onGone`: another window has removed it meanwhile. */
  async #read(name: string, onGone: () => void): Promise<Slip | undefined> {
    try {
      return this.#slipIn(JSON.parse(await readFile(path.join(this.#folder, name), 'utf8')));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') onGone();
      else this.#note(error);
      return undefined;
    }
  }
}
