// How long a datagram may be (RFC 8899, for a system that does not let programs forbid fragmentation): as long as the path was said to carry,
// until long ones vanish and a short one does not. Then short ones, and now and then one probe of each length above.

import type { Millis } from '../../base/clock.ts';
import { SHORT_PROBES } from './params.ts';

/** RFC 8899's BASE_PLPMTU for IPv4 and IPv6: what every path carries. */
export const BASE_DATAGRAM_BYTES = 1200;
/** Ethernet behind the usual tunnels, Ethernet, and what networks with longer frames carry at least. */
const LADDER = [1280, 1332, 1372, 1392, 1412, 1452, 4032, 8032] as const;
/** RFC 8899's PMTU_RAISE_TIMER is ten minutes; a transfer is over by then. */
const RAISE_EVERY_MS = 20_000;

export class PathSize {
  readonly #most: number;
  #bytes: number;
  #triedAt: Millis | undefined;
  /** The first number of the time when nothing is answered. */
  #doubtFrom: number | undefined;
  /** The highest numbers acknowledged of a probe of the shortest length, and of anything longer. */
  #shortAcked = -1;
  #longAcked = -1;
  /** Lengths of probes to be sent. */
  readonly #probes: number[] = [];

  constructor(mostBytes: number, firstBytes = mostBytes) {
    this.#most = mostBytes;
    this.#bytes = Math.min(firstBytes, mostBytes);
  }

  get bytes(): number {
    return this.#bytes;
  }

  get hasProbe(): boolean {
    return this.#probes.length > 0;
  }

  /** The length of a probe to be sent now. */
  takeProbe(): number | undefined {
    return this.#probes.shift();
  }

  /** Nothing is answered, from datagram `number` on: some short ones are tried, which also say where this side is. */
  doubt(number: number): void {
    if (this.#bytes > BASE_DATAGRAM_BYTES) this.#doubtFrom ??= number;
    this.#probes.push(...Array<number>(SHORT_PROBES).fill(BASE_DATAGRAM_BYTES));
  }

  /** Datagram `number` of so many bytes has arrived. */
  onAcked(number: number, bytes: number, isProbe: boolean): void {
    if (bytes > BASE_DATAGRAM_BYTES) this.#longAcked = Math.max(this.#longAcked, number);
    else if (isProbe && bytes === BASE_DATAGRAM_BYTES) this.#shortAcked = Math.max(this.#shortAcked, number);
    if (isProbe) this.#bytes = Math.max(this.#bytes, Math.min(bytes, this.#most));
  }

  /** After some were acknowledged: whether long datagrams vanish. Then the length is the shortest. */
  isBlackHole(): boolean {
    const from = this.#doubtFrom;
    if (from === undefined) return false;
    const isLongThere = this.#longAcked >= from;
    const isShortThere = this.#shortAcked >= from;
    if (isLongThere || isShortThere) this.#doubtFrom = undefined;
    if (isLongThere || !isShortThere) return false;
    this.#bytes = BASE_DATAGRAM_BYTES;
    return true;
  }

  /** Now and then, longer ones are tried. */
  tryLonger(now: Millis): void {
    if (this.#bytes >= this.#most || (this.#triedAt !== undefined && now - this.#triedAt < RAISE_EVERY_MS))
      return;
    this.#triedAt = now;
    this.#probes.push(...LADDER.filter((bytes) => bytes > this.#bytes && bytes < this.#most), this.#most);
  }
}
