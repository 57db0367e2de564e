// Puts a stream of bytes together again, in memory that was there before the clock ran.

export class Collector {
  readonly bytes: Buffer;
  #filled = 0;

  constructor(sizeBytes: number) {
    this.bytes = Buffer.alloc(sizeBytes, 1);
  }

  /** Whether these were the last. */
  add(bytes: Uint8Array): boolean {
    this.bytes.set(bytes, this.#filled);
    this.#filled += bytes.length;
    return this.#filled === this.bytes.length;
  }
}
