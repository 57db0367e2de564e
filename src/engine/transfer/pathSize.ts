// How long a datagram may be (RFC 8899, for a system that does not let programs forbid fragmentation): as long as the path was said to carry,
// until long ones vanish and a short one does not. Then short ones, and now and then one probe of each length above.

import type { Millis } from '../../base/clock.ts';

/** RFC 8899's BASE_PLPMTU for IPv4 and IPv6: what every path carries. */
export const BASE_DATAGRAM_BYTES = 1200;
/** Ethernet behind the usual tunnels, and Ethernet. */
const LADDER = [1280, 1332, 1372, 1392, 1412, 1452] as const;
/** RFC 8899's PMTU_RAISE_TIMER is ten minutes; a transfer is over by then. */
const RAISE_EVERY_MS = 20_000;

export class PathSize {
  readonly #most: number;
  #bytes: number;
  #triedAt: Millis | undefined;
  /** The first number of the time when nothing is answered. */
  #doubtFrom: number | undefined;

  constructor(mostBytes: number) {
    this.#most = mostBytes;
    this.#bytes = mostBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Nothing is answered, from datagram `number` on. Answers whether a short one should be tried. */
  doubt(number: number): boolean {
    if (this.#bytes <= BASE_DATAGRAM_BYTES) return false;
    this.#doubtFrom ??= number;
    return true;
  }

  /**
   * Lengths of what was acknowledged at once, with their numbers. Answers true when long datagrams vanish: then the length is
   * the shortest.
   */
  isBlackHole(shortNumber: number | undefined, longNumber: number | undefined): boolean {
    const from = this.#doubtFrom;
    if (from === undefined) return false;
    const isLongThere = longNumber !== undefined && longNumber >= from;
    const isShortThere = shortNumber !== undefined && shortNumber >= from;
    if (isLongThere || isShortThere) this.#doubtFrom = undefined;
    if (isLongThere || !isShortThere) return false;
    this.#bytes = BASE_DATAGRAM_BYTES;
    return true;
  }

  /** Lengths to be probed now, mostly none. */
  toProbe(now: Millis): number[] {
    if (this.#bytes >= this.#most || (this.#triedAt !== undefined && now - this.#triedAt < RAISE_EVERY_MS))
      return [];
    this.#triedAt = now;
    return [...LADDER.filter((bytes) => bytes > this.#bytes && bytes < this.#most), this.#most];
  }

  /** A probe of so many bytes has arrived. */
  onProbeAcked(bytes: number): void {
    this.#bytes = Math.max(this.#bytes, Math.min(bytes, this.#most));
  }
}
