// The bytes are wrong. Caught once, by the code that fed them: UDP counts and drops, TLS closes the link with a reason.

export class DecodeError extends Error {
  /** Where, e.g. `ack.ranges`. */
  readonly place: string;
  /** Byte offset from the start of what was decoded; -1 where there is none (JSON). */
  readonly offset: number;

  constructor(place: string, offset: number, problem: string) {
    // The place says what a stack would, and a stack costs more than all else about a wrong datagram, of which anybody can send many.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(`${place} at ${offset}: ${problem}`);
    Error.stackTraceLimit = stackTraceLimit;
    this.name = 'DecodeError';
    this.place = place;
    this.offset = offset;
  }
}
