// Files of mine that are read whole for their digests, as nobody has noted their blocks. Many may ask for one of what I share: it is
// read for one of them, and the others are told what that one has found.

import type { Clock, Millis } from '../../base/clock.ts';
import { LONGEST_DISK_CALL_MS } from '../transfer/carrierParams.ts';

/** Told after each part that was read. */
export type OnRead = () => void;

interface Reading {
  readonly digest: Promise<string>;
  readonly onRead: Set<OnRead>;
  /** The last part that was read, or its beginning. */
  heardAt: Millis;
}

export class CommonDigests {
  /** By what the file was when it was offered: its path and its stamp. */
  readonly #readings = new Map<string, Reading>();
  readonly #clock: Clock;

  /** `clock` never goes back. */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * What is found for another one, or as `read` ends: where the other one has failed, its link may be gone, and the file still there.
   * Whoever waits for a disk that does not answer has to end that wait; who comes after that reads for themselves.
   */
  async of(file: string, onRead: OnRead, read: (onRead: OnRead) => Promise<string>): Promise<string> {
    for (let other = this.#underWay(file); other !== undefined; other = this.#underWay(file)) {
      other.onRead.add(onRead);
      const digest = await other.digest.catch(() => undefined);
      if (digest !== undefined) return digest;
    }
    const heard = new Set([onRead]);
    const digest = read(() => {
      reading.heardAt = this.#clock.now();
      for (const each of heard) each();
    }).finally(() => {
      if (this.#readings.get(file) === reading) this.#readings.delete(file);
    });
    const reading: Reading = { digest, onRead: heard, heardAt: this.#clock.now() };
    this.#readings.set(file, reading);
    return digest;
  }

  /** Unless its disk has not answered for so long that whoever began it has given up. */
  #underWay(file: string): Reading | undefined {
    const reading = this.#readings.get(file);
    const isSilent = reading !== undefined && this.#clock.now() - reading.heardAt >= LONGEST_DISK_CALL_MS;
    return isSilent ? undefined : reading;
  }
}
