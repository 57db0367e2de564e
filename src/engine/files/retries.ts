// Files of mine that are offered once more: of each transfer that is over, one offer at a time.

import type { Abort } from '../../contract/rpc.ts';
import type { Transfer } from '../../contract/transfer.ts';
import { CommonWork } from './commonWork.ts';

export class Retries {
  readonly #unlessOver: (id: string) => Transfer | undefined;
  /** By the id of the one that is over. */
  readonly #making = new Map<string, CommonWork<Transfer>>();
  /** The id of the last offer that was made of it. */
  readonly #made = new Map<string, string>();

  /** `unlessOver`: the transfer as it stands; undefined where it is over. */
  constructor(unlessOver: (id: string) => Transfer | undefined) {
    this.#unlessOver = unlessOver;
  }

  /** The offer of it that is open, or as one ends that is being made; else as `make` does. `abort`: none is made. */
  async once(id: string, make: (abort: Abort) => Promise<Transfer>, abort?: Abort): Promise<Transfer> {
    const made = this.#made.get(id);
    const open = made === undefined ? undefined : this.#unlessOver(made);
    if (open !== undefined) return open;
    const making = this.#making.get(id);
    if (making !== undefined && !making.isCalledOff) return making.end(abort);
    const work = new CommonWork(async (own) => {
      const transfer = await make(own);
      this.#made.set(id, transfer.id);
      return transfer;
    });
    this.#making.set(id, work);
    try {
      return await work.end(abort);
    } finally {
      if (this.#making.get(id) === work) this.#making.delete(id);
    }
  }
}
