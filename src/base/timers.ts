// The named timers of one machine: a small table whose minimum is the machine's deadline.

import type { Millis } from './clock.ts';

export class Timers<Name extends string> {
  readonly #at = new Map<Name, Millis>();

  set(name: Name, at: Millis): void {
    this.#at.set(name, at);
  }

  clear(name: Name): void {
    this.#at.delete(name);
  }

  clearAll(): void {
    this.#at.clear();
  }

  isSet(name: Name): boolean {
    return this.#at.has(name);
  }

  /** Undefined where it is not set. */
  at(name: Name): Millis | undefined {
    return this.#at.get(name);
  }

  /** The earliest time in the table. */
  deadline(): Millis | undefined {
    let earliest: Millis | undefined;
    for (const at of this.#at.values()) if (earliest === undefined || at < earliest) earliest = at;
    return earliest;
  }

  /** Takes the names whose time has come out of the table, earliest first. */
  takeDue(now: Millis): Name[] {
    const due = [...this.#at].filter(([, at]) => at <= now).sort(([, a], [, b]) => a - b);
    for (const [name] of due) this.#at.delete(name);
    return due.map(([name]) => name);
  }
}
