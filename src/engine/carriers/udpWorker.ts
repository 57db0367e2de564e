// The thread of the datagrams, as the engine's thread sees it.

import { Worker } from 'node:worker_threads';
import type { Millis } from '../../base/clock.ts';
import { ENGINE_LIMITS } from '../../contract/engineStart.ts';
import type { HearSession, SessionEnd, UdpSessions } from './udpSessions.ts';
import type { FromUdp, ToUdp } from './udpWords.ts';
import { WordBatch } from './wordBatch.ts';

/** A file of its own beside the engine's, and beside this one where nothing is built. */
const THREAD_URL = new URL(
  import.meta.url.endsWith('.ts') ? './udpThread.ts' : './udpThread.js',
  import.meta.url,
);

/** A thread that every other one goes before may need so long for the words that it is asked for last, in ms. */
const LAST_WORDS_MS = 1_000;

export class UdpWorker implements UdpSessions {
  readonly #worker: Worker;
  readonly #words: WordBatch<ToUdp>;
  readonly #sessions = new Map<number, HearSession>();
  #lastId = 0;
  #port = 0;
  /** Who waits for an answer to `listen` or `endAll`: they are answered in order. */
  readonly #asking: ((word: FromUdp) => void)[] = [];
  #closing: Promise<void> | undefined;

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

  /**
   * Binds `host`:`port`, or any free port where that one cannot be had or is 0. Rejects with the system's error where there is none, and
   * may be called again then.
   */
  async listen(host: string, port: number): Promise<void> {
    const word = await this.#ask({ kind: 'listen', host, port });
    if (word.kind === 'listening') this.#port = word.port;
    else if (word.kind === 'cannotListen') throw Object.assign(new Error(word.message), { code: word.code });
  }

  open(hear: HearSession): SessionEnd {
    const id = ++this.#lastId;
    this.#sessions.set(id, hear);
    return { id, say: this.#words.say };
  }

  /** What is sent waits for so long from now on: at once, not at the end of this turn, which may be about to wait for a disk. */
  giveWay(ms: Millis): void {
    if (this.#sessions.size > 0) this.#words.sayNow({ kind: 'giveWay', ms });
  }

  /**
   * Ends the sessions, which hand over what they have, but nobody waits for that longer than `lastWordsMs`. Resolves when the port is
   * free and each session has had its last word. Calling it again is harmless.
   */
  close(lastWordsMs = LAST_WORDS_MS): Promise<void> {
    this.#closing ??= this.#close(lastWordsMs);
    return this.#closing;
  }

  async #close(lastWordsMs: number): Promise<void> {
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(late.resolve, lastWordsMs);
    await Promise.race([this.#ask({ kind: 'endAll' }), late.promise]);
    clearTimeout(timer);
    await this.#worker.terminate();
    for (const id of this.#sessions.keys()) this.#hear({ kind: 'gone', id });
  }

  #ask(word: ToUdp): Promise<FromUdp> {
    const answer = Promise.withResolvers<FromUdp>();
    this.#asking.push(answer.resolve);
    this.#words.say(word);
    return answer.promise;
  }

  #hear(word: FromUdp): void {
    if (!('id' in word)) return this.#asking.shift()?.(word);
    const session = this.#sessions.get(word.id);
    if (word.kind === 'sent' || word.kind === 'left' || word.kind === 'gone') this.#sessions.delete(word.id);
    session?.(word);
  }
}
