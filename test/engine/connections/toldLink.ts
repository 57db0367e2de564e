// A link that only writes down what it is told to send in passing.

import type { Fingerprint } from '../../../src/contract/fingerprint.ts';
import type { LiveLink } from '../../../src/engine/connections/liveLink.ts';
import type { AsideFrame, LinkIn } from '../../../src/engine/link/linkMessages.ts';

export class ToldLink {
  readonly peer: Fingerprint;
  readonly told: AsideFrame[] = [];
  #waiting: (() => void)[] = [];

  constructor(peer: Fingerprint) {
    this.peer = peer;
  }

  /** As the engine takes it; it uses nothing else of a real one. */
  get link(): LiveLink {
    return this as unknown as LiveLink;
  }

  handle(input: LinkIn): void {
    if (input.kind !== 'aside') return;
    this.told.push(input.frame);
    for (const wake of this.#waiting.splice(0)) wake();
  }

  /** Once it was told so much; what. */
  async until(count: number): Promise<readonly AsideFrame[]> {
    while (this.told.length < count) await new Promise<void>((wake) => this.#waiting.push(wake));
    return this.told;
  }
}
