// What is to be done, first in, first out. Thousands may wait for one drain, where shifting an array would be slow.

export class Outbox<T> {
  #waiting: (T | undefined)[] = [];
  #next = 0;

  push(...outs: readonly T[]): void {
    this.#waiting.push(...outs);
  }

  shift(): T | undefined {
    if (this.#next === this.#waiting.length) {
      this.#waiting = [];
      this.#next = 0;
      return undefined;
    }
    const out = this.#waiting[this.#next];
    this.#waiting[this.#next++] = undefined;
    return out;
  }
}
