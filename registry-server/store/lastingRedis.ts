// A client of one Redis, or of the master that Sentinels name, that comes back until somebody here ends it. The client library
// gives up for ever where a Sentinel tells of a new master in the moment in which the library asks for it.

import { Redis, type RedisOptions } from 'ioredis';

/** `pauseMs`: before the next try; undefined when there is to be none. */
export type NextTry = (tries: number) => number | undefined;

type LastingOptions = Omit<RedisOptions, 'replyMapping' | 'retryStrategy'>;

export class LastingRedis extends Redis {
  readonly #nextTry: NextTry;
  #isOver = false;
  #tries = 0;

  constructor(options: LastingOptions, nextTry: NextTry) {
    super({ ...options, retryStrategy: (tries) => nextTry(tries) ?? null });
    this.#nextTry = nextTry;
    this.on('ready', () => {
      this.#tries = 0;
    });
    this.on('end', () => this.#again());
  }

  override disconnect(reconnect = false): void {
    this.#isOver ||= !reconnect;
    super.disconnect(reconnect);
  }

  #again(): void {
    const pauseMs = this.#isOver ? undefined : this.#nextTry(++this.#tries);
    if (pauseMs === undefined) return;
    setTimeout(() => {
      if (!this.#isOver) this.connect().catch(() => undefined);
    }, pauseMs).unref();
  }
}
