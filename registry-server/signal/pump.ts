// Pumps a machine: hands it inputs with the time, carries out what it asks, wakes it at its deadline.

import type { Clock, Millis } from '../../src/base/clock.ts';
import type { Machine } from '../../src/base/machine.ts';

/** Deadlines far away are looked at again: the clock may have been set. */
const LONGEST_TIMER_MS = 5_000;

export class Pump<In, Out> {
  readonly #machine: Machine<In, Out>;
  readonly #timePassed: In;
  readonly #carryOut: (out: Out) => void;
  readonly #clock: Clock;
  readonly #waiting: In[] = [];
  #timer: NodeJS.Timeout | undefined;
  #timerAt: Millis = Number.POSITIVE_INFINITY;
  #isBusy = false;
  #isDisposed = false;

  /** `carryOut` may call `handle`: the input then waits until the machine has been polled dry. */
  constructor(machine: Machine<In, Out>, timePassed: In, carryOut: (out: Out) => void, clock: Clock) {
    this.#machine = machine;
    this.#timePassed = timePassed;
    this.#carryOut = carryOut;
    this.#clock = clock;
  }

  handle(input: In): void {
    if (this.#isDisposed) return;
    this.#waiting.push(input);
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
        this.#machine.handle(next, this.#clock.now());
        for (let out = this.#machine.poll(); out !== undefined; out = this.#machine.poll())
          this.#carryOut(out);
      }
    } finally {
      this.#isBusy = false;
    }
    this.#arm();
  }

  dispose(): void {
    this.#isDisposed = true;
    clearTimeout(this.#timer);
  }

  /** Keeps a timer that is early enough: most inputs move the deadline later. */
  #arm(): void {
    const deadline = this.#machine.deadline();
    if (deadline === undefined || this.#isDisposed || this.#timerAt <= deadline) return;
    const waitMs = Math.min(LONGEST_TIMER_MS, Math.max(1, deadline - this.#clock.now()));
    clearTimeout(this.#timer);
    this.#timerAt = deadline;
    this.#timer = setTimeout(() => this.#wake(), waitMs).unref();
  }

  #wake(): void {
    this.#timerAt = Number.POSITIVE_INFINITY;
    this.handle(this.#timePassed);
  }
}
