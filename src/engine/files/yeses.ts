// Yeses to offers whose folders are being opened. A drive may take its time: another answer comes in their place meanwhile.

import type { Abort } from '../../contract/rpc.ts';
import { CommonWork } from './commonWork.ts';

interface Yes {
  readonly folder: string;
  readonly opening: CommonWork<void>;
  isTakenBack: boolean;
}

export class Yeses {
  /** By the id of the transfer. */
  readonly #yeses = new Map<string, Yes>();

  /** Whether anything is being opened. */
  has(id: string): boolean {
    return this.#yeses.has(id);
  }

  /** As `open` ends; quietly where it is taken back, and as `open` does it when `abort` says so. */
  say(id: string, folder: string, open: (abort: Abort) => Promise<void>, abort?: Abort): Promise<void> {
    const opening = new CommonWork((own) =>
      open(own)
        .catch((error) => {
          if (!yes.isTakenBack) throw error;
        })
        .finally(() => this.#yeses.delete(id)),
    );
    const yes: Yes = { folder, opening, isTakenBack: false };
    this.#yeses.set(id, yes);
    return opening.end(abort);
  }

  /** The yes to this folder that is under way, said once more: as it ends. Undefined where there is none. */
  sayAgain(id: string, folder: string, abort?: Abort): Promise<void> | undefined {
    const yes = this.#yeses.get(id);
    return yes?.folder === folder && !yes.opening.isCalledOff ? yes.opening.end(abort) : undefined;
  }

  /** Nobody waits for that folder any more. Resolves when nothing of it is left to be done here. Never rejects. */
  async takeBack(id: string): Promise<void> {
    const yes = this.#yeses.get(id);
    if (yes === undefined) return;
    yes.isTakenBack = true;
    yes.opening.callOff();
    await yes.opening.over.catch(() => undefined);
  }
}
