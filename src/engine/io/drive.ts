// Pumps a machine: hands it inputs with the time, carries out what it asks, wakes it at its deadline.

import type { Clock } from '../../base/clock.ts';
import type { Disposable } from '../../base/disposable.ts';
import type { Machine } from '../../base/machine.ts';
import { steadyClock } from './systemClock.ts';

/** Timers below this are not worth a turn of the loop. */
const MIN_TIMER_MS = 1;

export class Drive<In, Out> implements Disposable {
  readonly #machine: Machine<In, Out>;
  readonly #timePassed: In;
  readonly #carryOut: (out: Out) => void;
  readonly #clock: Clock;
  readonly #waiting: In[] = [];
  #timer: NodeJS.Timeout | undefined;
  #nextTurn: NodeJS.Immediate | undefined;
  #timerAt = Number.POSITIVE_INFINITY;
  #busy = false;
  #disposed = false;

  /** `carryOut` may call `handle`: the input then waits until the machine has been polled dry. */
  constructor(
    machine: Machine<In, Out>,
    timePassed: In,
    carryOut: (out: Out) => void,
    clock: Clock = steadyClock,
  ) {
    this.#machine = machine;
    this.#timePassed = timePassed;
    this.#carryOut = carryOut;
    this.#clock = clock;
  }

  handle(input: In): void {
    if (this.#disposed) return;
    this.#waiting.push(input);
    if (this.#busy) return;
    this.#busy = true;
    try {
      while (this.#waiting.length > 0 && !this.#disposed) {
        this.#machine.handle(this.#waiting.shift() as In, this.#clock.now());
        this.#drain();
      }
    } finally {
      this.#busy = false;
    }
    this.#arm();
  }

  dispose(): void {
    this.#disposed = true;
    this.#waiting.length = 0;
    clearTimeout(this.#timer);
    clearImmediate(this.#nextTurn);
  }

  #drain(): void {
    for (let out = this.#machine.poll(); out !== undefined && !this.#disposed; out = this.#machine.poll()) {
      this.#carryOut(out);
    }
  }

  /** Keeps the timer that is running when it is early enough: most inputs move the deadline later. */
  #arm(): void {
    if (this.#disposed) return;
    const deadline = this.#machine.deadline();
    if (deadline === undefined) return;
    const now = this.#clock.now();
    if (deadline <= now) {
      this.#wakeNextTurn();
      return;
    }
    if (this.#timer !== undefined && this.#timerAt <= deadline) return;
    clearTimeout(this.#timer);
    this.#timerAt = deadline;
    this.#timer = setTimeout(() => this.#wake(), Math.max(MIN_TIMER_MS, deadline - now));
  }

  /** More is due at once: let the loop serve its sockets in between, without waiting for a timer's whole millisecond. */
  #wakeNextTurn(): void {
    if (this.#nextTurn !== undefined) return;
    this.#nextTurn = setImmediate(() => {
      this.#nextTurn = undefined;
      this.#wake();
    });
  }

  #wake(): void {
    if (this.#disposed) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#timerAt = Number.POSITIVE_INFINITY;
    const deadline = this.#machine.deadline();
    if (deadline !== undefined && deadline <= this.#clock.now()) this.handle(this.#timePassed);
    else this.#arm();
  }
}
