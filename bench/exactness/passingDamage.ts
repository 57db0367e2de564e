// Damage that no checksum sees: bits flip on the way, and the datagram's CRC-32 is right again. Only tags can tell.

import { CHECKSUM_BYTES, writeChecksum } from '../../src/wire/datagramEnvelope.ts';
import type { LossyPath } from '../../test/support/lossyNetwork.ts';

export class PassingDamage {
  /** Datagrams that were damaged so. */
  count = 0;
  readonly #random: () => number;
  readonly #share: number;

  /** Of a `share` (0 to 1) of all that is sent from now on. */
  constructor(random: () => number, share: number) {
    this.#random = random;
    this.#share = share;
  }

  /** May be on several paths. */
  on(path: LossyPath): this {
    const send = path.send.bind(path);
    path.send = (bytes) => send(this.#random() < this.#share ? this.#damaged(bytes) : bytes);
    return this;
  }

  #damaged(bytes: Uint8Array): Buffer {
    this.count++;
    const copy = Buffer.from(bytes);
    const at = Math.floor(this.#random() * (copy.length - CHECKSUM_BYTES));
    copy[at] = (copy[at] as number) ^ (1 << Math.floor(this.#random() * 8));
    writeChecksum(copy, copy.subarray(0, -CHECKSUM_BYTES));
    return copy;
  }
}
