// A file of mine that another thread reads: each block is asked for and comes with its memory, which goes back with the next question.

import { giveBack } from '../../base/giveBack.ts';
import type { Source } from './carrier.ts';
import type { SessionWord } from './udpWords.ts';
import { movable, type Say } from './wordBatch.ts';

export class RemoteSource implements Source {
  readonly #id: number;
  readonly #say: Say<SessionWord>;
  readonly #reads = new Map<number, (bytes: Buffer) => void>();
  /** Of blocks that were sealed. */
  readonly #spare: Uint8Array<ArrayBuffer>[] = [];
  #asks = 0;

  constructor(id: number, say: Say<SessionWord>) {
    this.#id = id;
    this.#say = say;
  }

  /** Never rejects: where the file cannot be read, the other thread ends the session. */
  read(offset: number, length: number): Promise<Buffer> {
    const ask = this.#asks++;
    const spare = this.#spare.pop();
    this.#say({ kind: 'read', id: this.#id, ask, offset, length, spare }, spare);
    return new Promise((resolve) => this.#reads.set(ask, resolve));
  }

  take(ask: number, { buffer, byteOffset, byteLength }: Uint8Array): void {
    this.#reads.get(ask)?.(Buffer.from(buffer, byteOffset, byteLength));
    this.#reads.delete(ask);
  }

  recycle(buffer: Buffer): void {
    this.#spare.push(movable(buffer));
  }

  /** Never resolves: the other thread has the digest, and tells the receiver. */
  digest(): Promise<never> {
    this.#say({ kind: 'readAll', id: this.#id });
    return new Promise(() => undefined);
  }

  /** The other thread closes it. */
  async close(): Promise<void> {
    for (const spare of this.#spare.splice(0)) giveBack(spare);
  }
}
