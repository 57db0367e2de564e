// My entries on one link: which to ask of the store, which to write next, how far the peer has got.

import type { Entry } from '../../wire/linkFrames.ts';
import { MAX_BATCH, MAX_IN_FLIGHT } from './params.ts';

export class Outbox {
  readonly #queue: Entry[] = [];
  #written: number;
  #fetched: number;
  #sent: number;
  #delivered: number;
  #read: number;
  #isAsking = false;

  /** Starts after `received`, what the peer's hello says it has, whatever was sent before: that alone is certain. */
  constructor(received: number, read: number, written: number) {
    this.#written = written;
    this.#fetched = received;
    this.#sent = received;
    this.#delivered = received;
    this.#read = read;
  }

  get sent(): number {
    return this.#sent;
  }

  get delivered(): number {
    return this.#delivered;
  }

  /** The store holds entries up to `upTo`. */
  grow(upTo: number): void {
    this.#written = Math.max(this.#written, upTo);
  }

  /** What to ask of the store now, once until `take` answers it. */
  request(): { readonly after: number; readonly limit: number } | undefined {
    const limit = Math.min(MAX_BATCH, MAX_IN_FLIGHT - (this.#sent - this.#delivered));
    if (this.#isAsking || this.#queue.length > 0 || this.#fetched >= this.#written || limit === 0)
      return undefined;
    this.#isAsking = true;
    return { after: this.#fetched, limit };
  }

  /** The store's answer. False, and nothing is taken, when it does not go on where the last one ended: the numbers have changed. */
  take(entries: readonly Entry[]): boolean {
    if (!this.#isAsking) return true;
    this.#isAsking = false;
    if (entries.some(({ number }, i) => number !== this.#fetched + 1 + i)) return false;
    this.#queue.push(...entries);
    this.#fetched += entries.length;
    // Nothing there although `grow` said so: wait for it to say so again, rather than ask for ever.
    if (entries.length === 0) this.#written = this.#fetched;
    return true;
  }

  /** The next entry to write to the link, while the window has room. */
  next(): Entry | undefined {
    if (this.#sent - this.#delivered >= MAX_IN_FLIGHT) return undefined;
    const entry = this.#queue.shift();
    if (entry !== undefined) this.#sent = entry.number;
    return entry;
  }

  /** The peer has stored mine up to `upTo`, at most `sent`. Whether that is news. */
  acknowledge(upTo: number): boolean {
    const isNews = upTo > this.#delivered;
    if (isNews) this.#delivered = upTo;
    return isNews;
  }

  /** The peer's person has seen mine up to `upTo`, at most `delivered`. Whether that is news. */
  markRead(upTo: number): boolean {
    const isNews = upTo > this.#read;
    if (isNews) this.#read = upTo;
    return isNews;
  }
}
