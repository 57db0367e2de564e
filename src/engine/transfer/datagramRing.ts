// Space for outgoing datagrams, used again in turn: nothing is allocated for one of the usual length.

import type { DatagramSpace } from '../../wire/dataDatagram.ts';
import { CHECKSUM_BYTES } from '../../wire/datagramEnvelope.ts';

interface Slot extends DatagramSpace {
  readonly whole: Buffer;
}

export class DatagramRing {
  readonly #slots: (Slot | undefined)[];
  readonly #datagramBytes: number;
  #next = 0;

  constructor(slots: number, datagramBytes: number) {
    this.#slots = new Array<Slot | undefined>(slots).fill(undefined);
    this.#datagramBytes = datagramBytes;
  }

  /** Space for `length` bytes, at most `datagramBytes`; its own until every other slot was taken once. */
  take(length: number): DatagramSpace {
    const at = this.#next;
    this.#next = (at + 1) % this.#slots.length;
    const slot = this.#slots[at];
    if (slot !== undefined && slot.bytes.length === length) return slot;
    const fresh = cut(slot?.whole ?? Buffer.allocUnsafeSlow(this.#datagramBytes), length);
    this.#slots[at] = fresh;
    return fresh;
  }
}

function cut(whole: Buffer, length: number): Slot {
  return { whole, bytes: whole.subarray(0, length), covered: whole.subarray(0, length - CHECKSUM_BYTES) };
}
