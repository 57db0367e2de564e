// Time for tests: stands still until it is told to run, and then jumps from one event to the next.

import type { Clock, Millis } from '../../src/base/clock.ts';
import type { Alarm } from '../../src/base/drive.ts';

interface Planned {
  readonly at: Millis;
  /** Events of one moment run in the order they were planned. */
  readonly order: number;
  readonly run: () => void;
}

export class VirtualTime implements Clock {
  /** A binary heap, earliest first. */
  readonly #planned: Planned[] = [];
  #now: Millis = 0;
  #nextOrder = 0;

  now(): Millis {
    return this.#now;
  }

  /** Runs `run` at `at`, or next if that has passed. */
  plan(at: Millis, run: () => void): void {
    this.#planned.push({ at: Math.max(at, this.#now), order: this.#nextOrder++, run });
    this.#rise(this.#planned.length - 1);
  }

  /** Runs what is planned until `isDone`, nothing is left, or `limit` has come. Answers whether it is done. */
  runUntil(isDone: () => boolean, limit: Millis): boolean {
    while (!isDone()) {
      const next = this.#planned[0];
      if (next === undefined || next.at > limit) {
        if (next !== undefined) this.#now = limit;
        return false;
      }
      this.#takeFirst();
      this.#now = next.at;
      next.run();
    }
    return true;
  }

  #takeFirst(): void {
    const last = this.#planned.pop() as Planned;
    if (this.#planned.length === 0) return;
    this.#planned[0] = last;
    this.#sink();
  }

  #rise(from: number): void {
    for (let at = from; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (isBefore(this.#planned[parent], this.#planned[at])) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  #sink(): void {
    for (let at = 0; ; ) {
      const left = 2 * at + 1;
      const child = isBefore(this.#planned[left + 1], this.#planned[left]) ? left + 1 : left;
      if (!isBefore(this.#planned[child], this.#planned[at])) return;
      this.#swap(at, child);
      at = child;
    }
  }

  #swap(a: number, b: number): void {
    [this.#planned[a], this.#planned[b]] = [this.#planned[b] as Planned, this.#planned[a] as Planned];
  }
}

/** The timers of a drive that lives in this time. */
export function alarmOf(time: VirtualTime): Alarm {
  const after = (ms: Millis, ring: () => void) => {
    let isOn = true;
    time.plan(time.now() + ms, () => isOn && ring());
    return () => {
      isOn = false;
    };
  };
  return { after, soon: (ring) => after(0, ring) };
}

function isBefore(a: Planned | undefined, b: Planned | undefined): boolean {
  if (a === undefined) return false;
  return b === undefined || a.at < b.at || (a.at === b.at && a.order < b.order);
}
