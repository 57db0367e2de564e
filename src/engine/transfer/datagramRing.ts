// Space for outgoing datagrams, used again in turn: nothing is allocated for one of the usual length, and what is written over and over
// stays in the processor's cache.

import type { DatagramSpace } from '../../wire/dataDatagram.ts';
import { CHECKSUM_BYTES } from '../../wire/datagramEnvelope.ts';
import { BURST_BYTES, BURST_DATAGRAMS, DATAGRAM_BYTES } from './params.ts';

/** How many datagrams of so many bytes are sent in one turn, and may wait for the system, at most. */
export function burstOf(bytes: number): number {
  return Math.min(BURST_DATAGRAMS, Math.floor(BURST_BYTES / bytes));
}

/** Two bursts: one that waits, and one that is being written. */
function slotsFor(bytes: number): number {
  return 2 * burstOf(bytes);
}

interface Slot extends DatagramSpace {
  readonly whole: Buffer;
}

export class DatagramRing {
  readonly #slotsFor: (length: number) => number;
  readonly #slots: (Slot | undefined)[] = [];
  #next = 0;

  /** `slots`: how many there are in turn for datagrams of so many bytes. */
  constructor(slots = slotsFor) {
    this.#slotsFor = slots;
  }

  /**
   * Space for `length` bytes: its own while two bursts of that length are taken, less one. Where lengths change in between it may be
   * taken sooner: what is overwritten while it waits for the system is lost, or goes out twice, as may happen to any datagram.
   */
  take(length: number): DatagramSpace {
    const at = this.#next < this.#slotsFor(length) ? this.#next : 0;
    this.#next = at + 1;
    const slot = this.#slots[at];
    if (slot !== undefined && slot.bytes.length === length) return slot;
    const fresh = cut(slot, length);
    this.#slots[at] = fresh;
    return fresh;
  }
}

function cut(slot: Slot | undefined, length: number): Slot {
  const isWide = slot !== undefined && slot.whole.length >= length;
  const whole = isWide ? slot.whole : Buffer.allocUnsafeSlow(Math.max(length, DATAGRAM_BYTES));
  return { whole, bytes: whole.subarray(0, length), covered: whole.subarray(0, length - CHECKSUM_BYTES) };
}
