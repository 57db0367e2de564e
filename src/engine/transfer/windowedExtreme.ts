// The largest (or smallest) sample of the last while, in a handful of buckets: bounded however many samples come.

import type { Millis } from '../../base/clock.ts';

const BUCKETS = 10;

interface Bucket {
  readonly since: Millis;
  value: number;
}

export class WindowedExtreme {
  readonly #better: (a: number, b: number) => number;
  readonly #buckets: Bucket[] = [];

  /** `better` is Math.max or Math.min. */
  constructor(better: (a: number, b: number) => number) {
    this.#better = better;
  }

  /** Undefined before the first sample. Without newer ones the last stays. */
  get value(): number | undefined {
    let best = this.#buckets[0]?.value;
    for (const { value } of this.#buckets) best = this.#better(best ?? value, value);
    return best;
  }

  add(value: number, now: Millis, windowMs: Millis): void {
    while (this.#buckets.length > 0 && (this.#buckets[0] as Bucket).since <= now - windowMs)
      this.#buckets.shift();
    const last = this.#buckets.at(-1);
    if (last === undefined || now - last.since >= windowMs / BUCKETS)
      this.#buckets.push({ since: now, value });
    else last.value = this.#better(last.value, value);
  }
}
