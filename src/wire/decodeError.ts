// The bytes are wrong. Caught once, by the code that fed them: UDP counts and drops, TLS closes the link with a reason.

export class DecodeError extends Error {
  /** Where, e.g. `ack.ranges`. */
  readonly place: string;
  /** Byte offset from the start of what was decoded; -1 where there is none (JSON). */
  readonly offset: number;

  constructor(place: string, offset: number, problem: string) {
    super(`${place} at ${offset}: ${problem}`);
    this.name = 'DecodeError';
    this.place = place;
    this.offset = offset;
  }
}
