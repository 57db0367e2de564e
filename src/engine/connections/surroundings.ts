// Looks at the clocks and the network for the wake machine, and says when connections may have died without a sign.

import type { Disposable } from '../../base/disposable.ts';
import type { Logger } from '../../base/logger.ts';
import { Drive } from '../io/drive.ts';
import { knownInterfaces } from '../io/knownInterfaces.ts';
import { wallClock } from '../io/systemClock.ts';
import { ownAddresses } from '../reach/candidates.ts';
import { type WakeIn, WakeMachine, type WakeOut } from '../reach/wakeMachine.ts';

export class Surroundings implements Disposable {
  readonly #drive: Drive<WakeIn, WakeOut>;
  readonly #onDoubt: () => void;
  readonly #log: Logger;

  /** `onDoubt`: the computer has slept, or has other addresses. */
  constructor(onDoubt: () => void, log: Logger) {
    this.#onDoubt = onDoubt;
    this.#log = log;
    this.#drive = new Drive(new WakeMachine(), { kind: 'time' }, (out) => this.#carryOut(out));
    this.#drive.handle({ kind: 'time' });
  }

  dispose(): void {
    this.#drive.dispose();
  }

  #carryOut(out: WakeOut): void {
    if (out.kind === 'look') {
      const addresses = ownAddresses(knownInterfaces()).join();
      return this.#drive.handle({ kind: 'seen', wallAt: wallClock.now(), addresses });
    }
    const what =
      out.kind === 'slept' ? `slept for ${Math.round(out.forMs / 1_000)} s` : 'has other addresses';
    this.#log.info(`this computer ${what}: every connection is tried`);
    this.#onDoubt();
  }
}
