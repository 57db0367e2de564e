// Words to another thread. Those of one turn of the loop go together, or of a longer time where they can wait: to post a hundred costs
// hardly more than to post one.

import { steadyClock } from '../io/systemClock.ts';

/** A MessagePort, a Worker, or a worker's parentPort. */
export interface WordPort<Word> {
  postMessage(words: readonly Word[], moving: readonly ArrayBuffer[]): void;
}

/** `moving`: the bytes of the word, which are gone from this thread when it is posted. */
export type Say<Word> = (word: Word, moving?: Uint8Array<ArrayBuffer>) => void;

/** No word waits for many others: the other thread begins meanwhile. */
const MOST_WORDS = 32;
/** Between two posts of words that can wait, in ms. To wake a thread costs as much as to look at ten datagrams. */
const LATER_MS = 1;

export class WordBatch<Word> {
  readonly #port: WordPort<Word>;
  #words: Word[] = [];
  #moving: ArrayBuffer[] = [];
  #isDue = false;
  #later: NodeJS.Timeout | undefined;
  #postedAt = Number.NEGATIVE_INFINITY;

  constructor(port: WordPort<Word>) {
    this.#port = port;
  }

  readonly say: Say<Word> = (word, moving) => {
    this.#add(word, moving);
    this.#postThisTurn();
  };

  /** Behind those before it, and without waiting for the end of the turn. */
  sayNow(word: Word): void {
    this.#add(word, undefined);
    this.#post();
  }

  /** For a word that somebody only keeps up with: behind those before it, and in 1 ms at the latest. */
  readonly sayLater: Say<Word> = (word, moving) => {
    this.#add(word, moving);
    const restMs = this.#postedAt + LATER_MS - steadyClock.now();
    if (restMs <= 0) this.#postThisTurn();
    else this.#later ??= setTimeout(() => this.#post(), restMs);
  };

  #add(word: Word, moving: Uint8Array<ArrayBuffer> | undefined): void {
    this.#words.push(word);
    if (moving !== undefined) this.#moving.push(moving.buffer);
    if (this.#words.length >= MOST_WORDS) this.#post();
  }

  #postThisTurn(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    setImmediate(() => {
      this.#isDue = false;
      this.#post();
    });
  }

  #post(): void {
    clearTimeout(this.#later);
    this.#later = undefined;
    this.#postedAt = steadyClock.now();
    const [words, moving] = [this.#words, this.#moving];
    this.#words = [];
    this.#moving = [];
    if (words.length > 0) this.#port.postMessage(words, moving);
  }
}

/** `bytes`, or a copy of them where they are a part of a larger memory, which has to stay. */
export function movable(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteLength } = bytes;
  const isWhole = buffer instanceof ArrayBuffer && buffer.byteLength === byteLength;
  return isWhole ? (bytes as Uint8Array<ArrayBuffer>) : new Uint8Array(bytes);
}
