// Notices that the computer has slept, or that its network is another one: no system tells Node, and connections that are dead
// since then give no sign. It looks at the clocks and the addresses every two seconds; what follows from it is the engine's.

import type { Millis } from '../../base/clock.ts';
import type { Machine } from '../../base/machine.ts';

/** One look costs some hundred microseconds at most. */
export const LOOK_MS: Millis = 2_000;
/** A look that is so much late was held up by more than a busy machine. Shorter sleeps break no connection. */
export const SLEPT_MS: Millis = 5_000;

export type WakeIn =
  | { readonly kind: 'time' }
  /** The answer to `look`. `wallAt` is the time of day: the machine's own scale may stand still while the computer sleeps. */
  | { readonly kind: 'seen'; readonly wallAt: Millis; readonly addresses: string };

export type WakeOut =
  | { readonly kind: 'look' }
  /** Somebody who sets the clock forward looks the same; what follows does no harm then. */
  | { readonly kind: 'slept'; readonly forMs: Millis }
  /** The addresses of this computer are not what they were. */
  | { readonly kind: 'moved' };

interface Look {
  readonly at: Millis;
  readonly wallAt: Millis;
  readonly addresses: string;
}

export class WakeMachine implements Machine<WakeIn, WakeOut> {
  readonly #out: WakeOut[] = [];
  #last: Look | undefined;
  #next: Millis | undefined;

  handle(input: WakeIn, now: Millis): void {
    if (input.kind === 'seen') return this.#compare({ ...input, at: now });
    this.#next = undefined;
    this.#out.push({ kind: 'look' });
  }

  poll(): WakeOut | undefined {
    return this.#out.shift();
  }

  /** Undefined until the first look, and while one is going on. */
  deadline(): Millis | undefined {
    return this.#next;
  }

  #compare(look: Look): void {
    const { at, wallAt, addresses } = this.#last ?? look;
    const passed = Math.max(look.at - at, look.wallAt - wallAt);
    if (passed > LOOK_MS + SLEPT_MS) this.#out.push({ kind: 'slept', forMs: passed });
    if (addresses !== look.addresses) this.#out.push({ kind: 'moved' });
    this.#last = look;
    this.#next = look.at + LOOK_MS;
  }
}
