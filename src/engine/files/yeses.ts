// Yeses to offers whose folders are being opened. A drive may take its time: another answer comes in their place meanwhile.

import type { Abort } from '../../contract/rpc.ts';

interface Yes {
  readonly folder: string;
  readonly abort: AbortController;
  over: Promise<void>;
  isTakenBack: boolean;
}

export class Yeses {
  /** By the id of the transfer. */
  readonly #yeses = new Map<string, Yes>();

  /** Where the file is about to go; undefined where nothing is being opened. */
  folderOf(id: string): string | undefined {
    return this.#yeses.get(id)?.folder;
  }

  /** As `open` ends; quietly where it is taken back, and as `open` does it when `abort` says so. */
  async say(id: string, folder: string, open: (abort: Abort) => Promise<void>, abort?: Abort): Promise<void> {
    const own = new AbortController();
    const onAbort = () => own.abort();
    abort?.addEventListener('abort', onAbort);
    const yes: Yes = { folder, abort: own, over: Promise.resolve(), isTakenBack: false };
    this.#yeses.set(id, yes);
    yes.over = open(own.signal)
      .catch((error) => {
        if (!yes.isTakenBack) throw error;
      })
      .finally(() => {
        abort?.removeEventListener('abort', onAbort);
        this.#yeses.delete(id);
      });
    return yes.over;
  }

  /** Nobody waits for that folder any more. Resolves when nothing of it is left to be done here. Never rejects. */
  async takeBack(id: string): Promise<void> {
    const yes = this.#yeses.get(id);
    if (yes === undefined) return;
    yes.isTakenBack = true;
    yes.abort.abort();
    await yes.over.catch(() => undefined);
  }
}
