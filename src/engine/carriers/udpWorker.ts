// The thread of the datagrams, as the engine's thread sees it: started with the engine, ended with it.

import { Worker } from 'node:worker_threads';
import { ENGINE_LIMITS } from '../../contract/engineStart.ts';
import type { FromUdp, SessionWord, ToUdp } from './udpWords.ts';
import { type Say, WordBatch } from './wordBatch.ts';

/** A file of its own beside the engine's, and beside this one where nothing is built. */
const THREAD_URL = new URL(
  import.meta.url.endsWith('.ts') ? './udpThread.ts' : './udpThread.js',
  import.meta.url,
);

export class UdpWorker {
  readonly #worker: Worker;
  readonly #words: WordBatch<ToUdp>;
  readonly #sessions = new Map<number, (word: SessionWord) => void>();
  #lastId = 0;
  #port = 0;
  #onListening: ((word: FromUdp) => void) | undefined;

  constructor() {
    this.#worker = new Worker(THREAD_URL, { name: 'hamta datagrams', resourceLimits: ENGINE_LIMITS });
    this.#words = new WordBatch<ToUdp>(this.#worker);
    this.#worker.on('message', (words: readonly FromUdp[]) => {
      for (const word of words) this.#hear(word);
    });
    // A bug there is one of this engine.
    this.#worker.on('error', (error) => {
      throw error;
    });
  }

  /** 0 before `listen` has resolved. */
  get port(): number {
    return this.#port;
  }

  /** Binds `host`:`port`; port 0 takes any free one. Rejects with the system's error, and may be called again then. */
  async listen(host: string, port: number): Promise<void> {
    const answer = new Promise<FromUdp>((resolve) => {
      this.#onListening = resolve;
    });
    this.#words.say({ kind: 'listen', host, port });
    const word = await answer;
    if (word.kind === 'listening') this.#port = word.port;
    else if (word.kind === 'cannotListen') throw Object.assign(new Error(word.message), { code: word.code });
  }

  /** What the thread says of a new session goes to `hear`, until its last word. Its number, and a way to speak of it. */
  open(hear: (word: SessionWord) => void): { readonly id: number; readonly say: Say<ToUdp> } {
    const id = ++this.#lastId;
    this.#sessions.set(id, hear);
    return { id, say: this.#words.say };
  }

  /** At once: sessions that have not ended are not heard of any more. Resolves when the port is free. */
  async close(): Promise<void> {
    this.#sessions.clear();
    await this.#worker.terminate();
  }

  #hear(word: FromUdp): void {
    if (word.kind === 'listening' || word.kind === 'cannotListen') return this.#onListening?.(word);
    const session = this.#sessions.get(word.id);
    if (word.kind === 'sent' || word.kind === 'left') this.#sessions.delete(word.id);
    session?.(word);
  }
}
