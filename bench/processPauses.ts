// When this process itself stood still: what its collector took, and how late its event loop ran at worst. For telling apart what
// the measured thing took from what the measuring one did.

import { monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';

interface Span {
  /** As performance.now(). */
  readonly from: number;
  readonly to: number;
}

export class ProcessPauses {
  readonly #collections: Span[] = [];
  readonly #observer = new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) {
      this.#collections.push({ from: startTime, to: startTime + duration });
    }
  });
  readonly #delay = monitorEventLoopDelay({ resolution: 1 });

  constructor() {
    this.#observer.observe({ entryTypes: ['gc'] });
    this.#delay.enable();
  }

  /** Nothing is counted any more; what was seen can be asked for. */
  async end(): Promise<void> {
    await nextTurn();
    await nextTurn();
    this.#observer.disconnect();
    this.#delay.disable();
  }

  /** Ms of a span in which the collector ran. */
  collectedWithin({ from, to }: Span): number {
    const shared = this.#collections.map((each) => Math.min(to, each.to) - Math.max(from, each.from));
    return shared.reduce((sum, ms) => sum + Math.max(0, ms), 0);
  }

  /** Ms. */
  longestCollection(): number {
    return Math.max(0, ...this.#collections.map(({ from, to }) => to - from));
  }

  /** Ms by which a timer of 1 ms came late. */
  longestDelay(): number {
    return this.#delay.max / 1e6;
  }
}
