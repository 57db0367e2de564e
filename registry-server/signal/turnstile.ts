// Lets so many works run at a time; the others wait in line: every watched name may, when the bus is back.

import { Outbox } from './outbox.ts';

export class Turnstile {
  readonly #atOnce: number;
  readonly #line = new Outbox<() => void>();
  #running = 0;

  constructor(atOnce: number) {
    this.#atOnce = atOnce;
  }

  /** `work` must not reject. */
  async pass(work: () => Promise<void>): Promise<void> {
    if (this.#running >= this.#atOnce) await new Promise<void>((resolve) => this.#line.push(resolve));
    else this.#running += 1;
    try {
      await work();
    } finally {
      // Whoever is next takes the place over.
      const next = this.#line.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }
}
