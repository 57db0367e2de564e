// A file of mine that another thread reads: each block is asked for and comes with its memory, which goes back when it is sealed.

import type { Source } from './sendSession.ts';
import type { SessionWord } from './udpWords.ts';
import { movable, type Say } from './wordBatch.ts';

export class RemoteSource implements Source {
  readonly #id: number;
  readonly #say: Say<SessionWord>;
  readonly #reads = new Map<number, (bytes: Buffer) => void>();
  #asks = 0;
  #takeDigest: ((sha256: string) => void) | undefined;

  constructor(id: number, say: Say<SessionWord>) {
    this.#id = id;
    this.#say = say;
  }

  /** Never rejects: where the file cannot be read, the other thread ends the session. */
  read(offset: number, length: number): Promise<Buffer> {
    const ask = this.#asks++;
    this.#say({ kind: 'read', id: this.#id, ask, offset, length });
    return new Promise((resolve) => this.#reads.set(ask, resolve));
  }

  take(ask: number, { buffer, byteOffset, byteLength }: Uint8Array): void {
    this.#reads.get(ask)?.(Buffer.from(buffer, byteOffset, byteLength));
    this.#reads.delete(ask);
  }

  recycle(buffer: Buffer): void {
    const bytes = movable(buffer);
    this.#say({ kind: 'spare', id: this.#id, bytes }, bytes);
  }

  digest(): Promise<string> {
    this.#say({ kind: 'digestWanted', id: this.#id });
    return new Promise((resolve) => {
      this.#takeDigest = resolve;
    });
  }

  takeDigest(sha256: string): void {
    this.#takeDigest?.(sha256);
  }

  /** The other thread closes it. */
  async close(): Promise<void> {}
}
