// A file of theirs that another thread writes: each block goes there with its memory.

import type { Destination } from './carrier.ts';
import type { SessionWord } from './udpWords.ts';
import { movable, type Say } from './wordBatch.ts';

export class RemoteDestination implements Destination {
  readonly #id: number;
  readonly #say: Say<SessionWord>;
  readonly #writes = new Map<number, () => void>();
  #asks = 0;

  constructor(id: number, say: Say<SessionWord>) {
    this.#id = id;
    this.#say = say;
  }

  /** Never rejects: where the file cannot be written, the other thread ends the session. */
  write(offset: number, block: Uint8Array): Promise<void> {
    const ask = this.#asks++;
    const bytes = movable(block);
    this.#say({ kind: 'write', id: this.#id, ask, offset, bytes }, bytes);
    return new Promise((resolve) => this.#writes.set(ask, resolve));
  }

  written(ask: number): void {
    this.#writes.get(ask)?.();
    this.#writes.delete(ask);
  }
}
