// Whole conversations written to a file of my person's choice, page by page, so that none has to fit the memory.

import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import type { Millis } from '../../base/clock.ts';
import type { Host } from '../../base/heldFile.ts';
import type { ParamsOf } from '../../contract/commands.ts';
import { fail } from '../../contract/failure.ts';
import { patientRename } from '../io/patientRename.ts';
import type { People } from '../people/people.ts';
import type { ShownMessages } from '../windows/shownMessages.ts';
import { exportFormatOf } from './exportFormats.ts';

/** As large as a page may be: some 10 ms between two turns of the loop. */
const PAGE = 200;
/** A person waits for it, and may have the old file open: scanners mostly let go of a new one sooner. */
const PATIENCE_MS: Millis = 5_000;

type Wish = Omit<ParamsOf<'exportConversation'>, 'path'>;

export class Exports {
  readonly #messages: ShownMessages;
  readonly #people: People;
  readonly #host: Partial<Host>;

  constructor(messages: ShownMessages, people: People, host: Partial<Host> = {}) {
    this.#messages = messages;
    this.#people = people;
    this.#host = host;
  }

  /** The file is whole under its name, or what was there before is left as it was. Failures: exportUnwritable. */
  async write({ path, ...wish }: ParamsOf<'exportConversation'>): Promise<{ messages: number }> {
    const unfinished = `${path}.${randomBytes(4).toString('hex')}.tmp`;
    try {
      const messages = await this.#writeFile(unfinished, wish);
      await patientRename(unfinished, path, { ...this.#host, patienceMs: PATIENCE_MS });
      return { messages };
    } catch (error) {
      await rm(unfinished, { force: true }).catch(() => undefined);
      const { code } = error as NodeJS.ErrnoException;
      throw code === undefined ? error : fail('exportUnwritable', { path, detail: code }, error);
    }
  }

  /** Nobody else may read it: it is a conversation. */
  async #writeFile(path: string, wish: Wish): Promise<number> {
    const file = await open(path, 'wx', 0o600);
    try {
      const count = await this.#writeTo(file, wish);
      await file.sync();
      return count;
    } finally {
      await file.close();
    }
  }

  async #writeTo(file: FileHandle, { peer, format, words }: Wish): Promise<number> {
    const write = exportFormatOf(format, this.#people.nameOf(peer), words);
    let count = 0;
    await file.appendFile(write.head);
    for (let after = 0; ; ) {
      const { messages, transfers, hasLater } = this.#messages.history(peer, { after, limit: PAGE });
      const names = new Map(transfers.map((transfer) => [transfer.id, transfer]));
      await file.appendFile(messages.map((message) => write.message(message, names)).join(''));
      count += messages.length;
      after = messages.at(-1)?.order ?? after;
      if (hasLater !== true) break;
    }
    await file.appendFile(write.foot);
    return count;
  }
}
