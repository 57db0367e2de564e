// What was written to each person and not sent, or sent and not answered: one small file each, so that it outlives tabs, windows and
// reloads.

import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import * as v from 'valibot';
import { Emitter } from '../../base/emitter.ts';
import { mayBeHeld } from '../../base/heldFile.ts';
import { turns } from '../../base/turns.ts';
import type { Fingerprint } from '../../contract/fingerprint.ts';
import { MAX_UNSENT_TEXTS, type ReturnedText, Stamp, UnsentTexts } from '../../contract/panel.ts';
import { paced } from '../paced.ts';

/** A text as the engine was asked to send it, under this id. */
const SentText = v.object({ id: v.string(), text: v.string(), replyTo: v.exactOptional(v.string()) });
export type SentText = v.InferOutput<typeof SentText>;

interface Kept {
  /** Of what their page said last. */
  readonly by?: Stamp;
  /** What their page has, as it said last. */
  readonly written: readonly ReturnedText[];
  /** What the engine was asked to send, until it has answered. */
  readonly sent: readonly SentText[];
  /** What could not be sent, and no page has been given since. */
  readonly returned: readonly ReturnedText[];
}

const KeptFile = v.object({
  by: v.exactOptional(Stamp),
  written: UnsentTexts,
  sent: v.optional(v.array(SentText), []),
  returned: UnsentTexts,
});
const NOTHING: Kept = { written: [], sent: [], returned: [] };
/** While somebody types. */
const SAVE_EVERY_MS = 500;
/** Between tries to give a file its name: less than two seconds in all, as a window that goes waits for it. */
const PAUSES_MS = [10, 30, 100, 300, 1_000];

export class Drafts {
  readonly #folder: string;
  readonly #note: (error: unknown) => void;
  readonly #kept = new Map<Fingerprint, Kept>();
  readonly #changed = new Set<Fingerprint>();
  /** Ids of what this window waits for an answer to. */
  readonly #waitedFor = new Set<string>();
  readonly #returns = new Emitter<Fingerprint>();
  readonly #closes = new Emitter<void>();
  readonly #soon = paced(SAVE_EVERY_MS, () => void this.#save());
  readonly #turns = turns();

  /** `note` is told what could not be read or written; the texts stay in memory then, and are tried again with the next. */
  constructor(folder: string, note: (error: unknown) => void) {
    this.#folder = folder;
    this.#note = note;
  }

  /** Something for this person has come back. */
  readonly onDidReturn = this.#returns.event;

  /** The window goes: whoever has text that stands on no page gives it back now. */
  readonly onWillClose = this.#closes.event;

  /** Reads what there is for this person, another window's words included. Never rejects. */
  load(peer: Fingerprint): Promise<void> {
    return this.#inTurn(() => this.#load(peer));
  }

  /** All that their page has. */
  write(peer: Fingerprint, written: readonly ReturnedText[], by?: Stamp): void {
    this.#change(peer, { ...this.#of(peer), written, ...(by && { by }) });
    this.#soon.soon();
  }

  /** Whether their page has said something since what the editor has kept of it. Another window's page is another one. */
  isNewerThan(peer: Fingerprint, kept: Stamp | undefined): boolean {
    const { by } = this.#of(peer);
    return by !== undefined && by.page === kept?.page && by.at > kept.at;
  }

  /**
   * From here on their draft is none any more: the engine is asked to send it. On the disk at once. Where it is asked for again, what
   * was written since stays as it is.
   */
  send(peer: Fingerprint, text: SentText, by?: Stamp): void {
    const kept = this.#of(peer);
    this.#waitedFor.add(text.id);
    if (kept.sent.some(({ id }) => id === text.id)) return;
    const written = kept.written.filter(({ editOf }) => editOf !== undefined);
    this.#change(peer, { ...kept, written, sent: [...kept.sent, text], ...(by && { by }) });
    void this.#save();
  }

  /** It is stored, or whoever has written it has it back. */
  answered(peer: Fingerprint, id: string): void {
    this.#change(peer, withoutSent(this.#of(peer), id));
    this.#waitedFor.delete(id);
    this.#soon.soon();
  }

  /** Its engine has gone, and nobody knows whether it is stored: it is asked for again under the same id. */
  leaveUnanswered(id: string): void {
    this.#waitedFor.delete(id);
  }

  /** What is to be asked for again. */
  unanswered(peer: Fingerprint): readonly SentText[] {
    return this.#of(peer).sent.filter(({ id }) => !this.#waitedFor.has(id));
  }

  /** Text that could not be sent, under this `id` if it was asked for. Resolves when it is on the disk; never rejects. */
  giveBack(peer: Fingerprint, text: ReturnedText, id?: string): Promise<void> {
    // All of it in one turn, so that `close` waits for it.
    return this.#inTurn(async () => {
      if (!this.#kept.has(peer)) await this.#load(peer);
      const kept = withoutSent(this.#of(peer), id);
      this.#change(peer, { ...kept, returned: [...kept.returned, text].slice(-MAX_UNSENT_TEXTS) });
      this.#returns.fire(peer);
      await this.#saveChanged();
    });
  }

  /** For a page that has been drawn: all there is where it has nothing of its own, else what came back. Then the page has it. */
  take(peer: Fingerprint, { isNew }: { readonly isNew: boolean }): readonly ReturnedText[] {
    const kept = this.#of(peer);
    const { written, returned } = kept;
    const all = [...returned, ...written].slice(0, MAX_UNSENT_TEXTS);
    if (returned.length > 0) this.#change(peer, { ...kept, written: all, returned: [] });
    return isNew ? all : returned;
  }

  /** Resolves when everything is on the disk. */
  close(): Promise<void> {
    this.#closes.fire();
    this.#soon.dispose();
    return this.#save();
  }

  #of(peer: Fingerprint): Kept {
    return this.#kept.get(peer) ?? NOTHING;
  }

  #change(peer: Fingerprint, kept: Kept): void {
    this.#kept.set(peer, kept);
    this.#changed.add(peer);
  }

  #save(): Promise<void> {
    return this.#inTurn(() => this.#saveChanged());
  }

  /** One after the other: what is on the disk is what was said last. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    return this.#turns(work).catch(this.#note);
  }

  async #load(peer: Fingerprint): Promise<void> {
    await this.#saveChanged();
    const kept = await this.#read(peer);
    if (!this.#changed.has(peer)) this.#kept.set(peer, kept);
  }

  async #saveChanged(): Promise<void> {
    for (const peer of [...this.#changed]) {
      this.#changed.delete(peer);
      try {
        await this.#write(peer, this.#of(peer));
      } catch (error) {
        // What the disk has is older: nothing there takes the place of what is here.
        this.#changed.add(peer);
        this.#note(error);
      }
    }
  }

  /** Whole or not at all, whenever this process ends, and whatever another window writes at the same time. */
  async #write(peer: Fingerprint, kept: Kept): Promise<void> {
    const file = this.#fileOf(peer);
    // The stamp outlives the texts: a page of before may be kept by the editor still.
    const isNothing =
      kept.by === undefined && kept.written.length + kept.sent.length + kept.returned.length === 0;
    if (isNothing) return rm(file, { force: true });
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const unfinished = `${file}.${process.pid}`;
    await writeFile(unfinished, JSON.stringify(kept), { mode: 0o600 });
    await giveName(unfinished, file);
  }

  /** Total: an older version may have left anything. */
  async #read(peer: Fingerprint): Promise<Kept> {
    try {
      const parsed = v.safeParse(KeptFile, JSON.parse(await readFile(this.#fileOf(peer), 'utf8')));
      return parsed.success ? parsed.output : NOTHING;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') this.#note(error);
      return NOTHING;
    }
  }

  #fileOf(peer: Fingerprint): string {
    return path.join(this.#folder, `${peer}.json`);
  }
}

function withoutSent(kept: Kept, id: string | undefined): Kept {
  return { ...kept, sent: kept.sent.filter((each) => each.id !== id) };
}

/** Also where another program looks at either of them just then. */
async function giveName(from: string, to: string): Promise<void> {
  for (const pauseMs of PAUSES_MS) {
    try {
      return await rename(from, to);
    } catch (error) {
      if (!mayBeHeld(error, process.platform)) throw error;
    }
    await setTimeout(pauseMs);
  }
  await rename(from, to);
}
