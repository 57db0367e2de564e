// Work that is asked for again while it is under way: it is done once, and whoever asked is told how it ends.

import type { Abort } from '../../contract/rpc.ts';

export class CommonWork<T> {
  /** As `work` ends. */
  readonly over: Promise<T>;
  readonly #own = new AbortController();

  constructor(work: (abort: Abort) => Promise<T>) {
    this.over = work(this.#own.signal);
  }

  get isCalledOff(): boolean {
    return this.#own.signal.aborted;
  }

  callOff(): void {
    this.#own.abort();
  }

  /** As it ends. `abort` calls it off for everybody: it is one person who asks, in whichever window. */
  async end(abort?: Abort): Promise<T> {
    const onAbort = () => this.callOff();
    if (abort?.aborted) onAbort();
    abort?.addEventListener('abort', onAbort);
    try {
      return await this.over;
    } finally {
      abort?.removeEventListener('abort', onAbort);
    }
  }
}
