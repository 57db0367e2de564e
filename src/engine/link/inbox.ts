// The peer's entries on one link: which are new, and what to acknowledge.

import { MAX_IN_FLIGHT } from './params.ts';

/** What a number is: to be stored, stored before, after one that is missing, or more than a peer may send unacknowledged. */
export type Arrival = 'next' | 'duplicate' | 'gap' | 'flood';

export class Inbox {
  /** The highest number that came. */
  #last: number;
  #stored: number;
  #shown: number;
  #saidReceived: number;
  #saidRead: number;

  /** Starts at what my hello said. */
  constructor(received: number, read: number) {
    this.#last = received;
    this.#stored = received;
    this.#saidReceived = received;
    this.#shown = read;
    this.#saidRead = read;
  }

  take(number: number): Arrival {
    if (number <= this.#last) return 'duplicate';
    if (number > this.#last + 1) return 'gap';
    // A bound against a hostile peer: an honest one waits for acknowledgements, and cannot have had more than were said.
    if (number - this.#saidReceived > MAX_IN_FLIGHT) return 'flood';
    this.#last = number;
    return 'next';
  }

  /** Theirs are stored up to `upTo`. What came over another link is not acknowledged here: here it was not sent yet. */
  store(upTo: number): void {
    this.#stored = Math.max(this.#stored, Math.min(upTo, this.#last));
  }

  show(upTo: number): void {
    this.#shown = Math.max(this.#shown, upTo);
  }

  /** The newest acknowledgement, once. */
  takeReceived(): number | undefined {
    if (this.#stored === this.#saidReceived) return undefined;
    this.#saidReceived = this.#stored;
    return this.#stored;
  }

  /** The newest mark of what was seen, once; never above what was acknowledged. */
  takeRead(): number | undefined {
    const read = Math.min(this.#shown, this.#saidReceived);
    if (read <= this.#saidRead) return undefined;
    this.#saidRead = read;
    return read;
  }
}
