// Words to another thread. Those of one turn of the loop go together: to post a hundred costs hardly more than to post one.

/** A MessagePort, a Worker, or a worker's parentPort. */
export interface WordPort<Word> {
  postMessage(words: readonly Word[], moving: readonly ArrayBuffer[]): void;
}

/** `moving`: the bytes of the word, which are gone from this thread when it is posted. */
export type Say<Word> = (word: Word, moving?: Uint8Array<ArrayBuffer>) => void;

/** No word waits for many others: the other thread begins meanwhile. */
const MOST_WORDS = 32;

export class WordBatch<Word> {
  readonly #port: WordPort<Word>;
  #words: Word[] = [];
  #moving: ArrayBuffer[] = [];
  #isDue = false;

  constructor(port: WordPort<Word>) {
    this.#port = port;
  }

  readonly say: Say<Word> = (word, moving) => {
    this.#words.push(word);
    if (moving !== undefined) this.#moving.push(moving.buffer);
    if (this.#words.length >= MOST_WORDS) this.#post();
    else if (!this.#isDue) {
      this.#isDue = true;
      setImmediate(() => this.#post());
    }
  };

  #post(): void {
    this.#isDue = false;
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
