// When the leases of watched names end: a binary heap, earliest first. An entry is not moved when a lease is renewed; whoever
// takes it out looks whether it still holds.

import type { Millis } from '../../src/base/clock.ts';

interface Entry<T> {
  readonly at: Millis;
  readonly of: T;
}

export class LeaseEnds<T> {
  readonly #heap: Entry<T>[] = [];

  get size(): number {
    return this.#heap.length;
  }

  earliest(): Millis | undefined {
    return this.#heap[0]?.at;
  }

  add(at: Millis, of: T): void {
    const heap = this.#heap;
    let place = heap.length;
    const entry = { at, of };
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = heap[parent] as Entry<T>;
      if (above.at <= at) break;
      heap[place] = above;
      place = parent;
    }
    heap[place] = entry;
  }

  /** The earliest one that is due. */
  takeDue(now: Millis): T | undefined {
    const first = this.#heap[0];
    if (first === undefined || first.at > now) return undefined;
    const last = this.#heap.pop() as Entry<T>;
    if (this.#heap.length > 0) this.#sink(last);
    return first.of;
  }

  #sink(entry: Entry<T>): void {
    const heap = this.#heap;
    let place = 0;
    for (let child = this.#earlierChild(place); child < heap.length; child = this.#earlierChild(place)) {
      const below = heap[child] as Entry<T>;
      if (below.at >= entry.at) break;
      heap[place] = below;
      place = child;
    }
    heap[place] = entry;
  }

  /** Past the end when there is no child. */
  #earlierChild(place: number): number {
    const left = 2 * place + 1;
    const [a, b] = [this.#heap[left]?.at, this.#heap[left + 1]?.at];
    return a !== undefined && b !== undefined && b < a ? left + 1 : left;
  }
}
