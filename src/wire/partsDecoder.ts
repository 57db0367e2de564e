// A stream in chunks of any cut, whose parts each say how long the next one is: a header, what it announces, a header again.

import { DecodeError } from './decodeError.ts';

export interface Taken<T> {
  /** What is filled next. */
  readonly part: Uint8Array;
  /** What has become whole, if anything has. */
  readonly value?: T;
}

/** `push` a chunk, then `next` until it answers undefined. Holds one part and one chunk. */
export abstract class PartsDecoder<T> {
  #chunk: Uint8Array = new Uint8Array();
  #part: Uint8Array;
  #filled = 0;
  #error: DecodeError | undefined;

  constructor(firstPart: Uint8Array) {
    this.#part = firstPart;
  }

  /** Bytes that came of the part that is not whole. */
  protected get filledBytes(): number {
    return this.#filled;
  }

  /** Only when `next` has answered undefined. The chunk is not copied, and used until then. */
  push(chunk: Uint8Array): void {
    if (this.#chunk.length > 0) throw new Error('the chunk before is not finished');
    this.#chunk = chunk;
  }

  /** Throws a DecodeError for what may not come, and from then on always: a stream cannot be found again after that. */
  next(): T | undefined {
    if (this.#error !== undefined) throw this.#error;
    try {
      return this.#next();
    } catch (error) {
      this.#chunk = new Uint8Array();
      if (error instanceof DecodeError) this.#error = error;
      throw error;
    }
  }

  /** `part` is whole. Throws a DecodeError before anything is made for what may not come. */
  protected abstract take(part: Uint8Array): Taken<T>;

  #next(): T | undefined {
    while (this.#fill()) {
      const { part, value } = this.take(this.#part);
      this.#part = part;
      this.#filled = 0;
      if (value !== undefined) return value;
    }
    return undefined;
  }

  /** Moves what the chunk has into the part; whether the part is whole. */
  #fill(): boolean {
    const taken = this.#chunk.subarray(0, this.#part.length - this.#filled);
    this.#part.set(taken, this.#filled);
    this.#filled += taken.length;
    this.#chunk = this.#chunk.subarray(taken.length);
    return this.#filled === this.#part.length;
  }
}
