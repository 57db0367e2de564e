// Pumps a machine: hands it inputs with the time, carries out what it asks, wakes it at its deadline.

import type { Clock, Millis } from './clock.ts';
import type { Disposable } from './disposable.ts';
import type { Machine } from './machine.ts';

/** The host's timers. Each answer takes its call back. */
export interface Alarm {
  after(ms: Millis, ring: () => void): () => void;
  /** In the next turn of the loop, when it has served its sockets. */
  soon(ring: () => void): () => void;
}

/** Timers below this are not worth a turn of the loop. */
const MIN_TIMER_MS = 1;
/** Deadlines far away are looked at again: a wall clock may have been set. */
const LONGEST_TIMER_MS = 5_000;

export class Drive<In, Out> implements Disposable {
  readonly #machine: Machine<In, Out>;
  readonly #timePassed: In;
  readonly #carryOut: (out: Out) => void;
  readonly #clock: Clock;
  readonly #alarm: Alarm;
  readonly #waiting: In[] = [];
  #stopTimer: (() => void) | undefined;
  #stopTurn: (() => void) | undefined;
  #timerAt: Millis = Number.POSITIVE_INFINITY;
  #busy = false;
  #disposed = false;

  /** `carryOut` may call `handle`: the input then waits until the machine has been polled dry. */
  constructor(
    machine: Machine<In, Out>,
    timePassed: In,
    carryOut: (out: Out) => void,
    clock: Clock,
    alarm: Alarm,
  ) {
    this.#machine = machine;
    this.#timePassed = timePassed;
    this.#carryOut = carryOut;
    this.#clock = clock;
    this.#alarm = alarm;
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
    this.#clearTimer();
    this.#stopTurn?.();
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
    if (this.#stopTimer !== undefined && this.#timerAt <= deadline) return;
    this.#clearTimer();
    this.#timerAt = deadline;
    const waitMs = Math.min(LONGEST_TIMER_MS, Math.max(MIN_TIMER_MS, deadline - now));
    this.#stopTimer = this.#alarm.after(waitMs, () => this.#wake());
  }

  /** More is due at once: a timer would cost a whole millisecond. */
  #wakeNextTurn(): void {
    if (this.#stopTurn !== undefined) return;
    this.#stopTurn = this.#alarm.soon(() => {
      this.#stopTurn = undefined;
      this.#wake();
    });
  }

  #wake(): void {
    if (this.#disposed) return;
    this.#clearTimer();
    const deadline = this.#machine.deadline();
    if (deadline !== undefined && deadline <= this.#clock.now()) this.handle(this.#timePassed);
    else this.#arm();
  }

  #clearTimer(): void {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    this.#timerAt = Number.POSITIVE_INFINITY;
  }
}
