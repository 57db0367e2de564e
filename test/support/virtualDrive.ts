// Pumps a machine in virtual time, as the engine's drive does in real time; the process that it stands for can be paused.

import type { Millis } from '../../src/base/clock.ts';
import type { Machine } from '../../src/base/machine.ts';
import type { VirtualTime } from './virtualTime.ts';

/** Real timers do not fire earlier. */
const LEAST_TIMER_MS = 1;
/** A machine that asks for more in one moment than any real one is broken. */
const MOST_OUTS = 100_000;

/** `tickMs`: the system wakes nobody but at multiples of it, as Windows does. */
export class VirtualDrive<In, Out> {
  readonly #machine: Machine<In, Out>;
  readonly #timePassed: In;
  readonly #carryOut: (out: Out) => void;
  readonly #time: VirtualTime;
  readonly #tickMs: Millis | undefined;
  readonly #waiting: In[] = [];
  #timerAt: Millis | undefined;
  #room = Number.POSITIVE_INFINITY;
  #pausedUntil = 0;
  #isBusy = false;

  constructor(
    time: VirtualTime,
    machine: Machine<In, Out>,
    timePassed: In,
    carryOut: (out: Out) => void,
    tickMs?: Millis,
  ) {
    this.#time = time;
    this.#machine = machine;
    this.#timePassed = timePassed;
    this.#carryOut = carryOut;
    this.#tickMs = tickMs;
  }

  /**
   * Nothing is handled until `until`; then what came, in its order, as far as the buffer of a socket has `room` for so many
   * inputs.
   */
  pause(until: Millis, room = Number.POSITIVE_INFINITY): void {
    this.#pausedUntil = until;
    this.#room = room;
    this.#time.plan(until, () => this.#work());
  }

  handle(input: In): void {
    if (this.#time.now() < this.#pausedUntil && this.#waiting.length >= this.#room) return;
    this.#waiting.push(input);
    this.#work();
  }

  #work(): void {
    if (this.#isBusy || this.#time.now() < this.#pausedUntil) return;
    this.#isBusy = true;
    for (let input = this.#waiting.shift(); input !== undefined; input = this.#waiting.shift()) {
      this.#machine.handle(input, this.#time.now());
      const outs = this.#drain();
      if (input === this.#timePassed && outs === 0) this.#expectRest();
    }
    this.#isBusy = false;
    this.#arm();
  }

  #drain(): number {
    for (let outs = 0; outs < MOST_OUTS; outs++) {
      const out = this.#machine.poll();
      if (out === undefined) return outs;
      this.#carryOut(out);
    }
    throw new Error('the machine does not come to rest');
  }

  /** Woken in time it has done nothing, so what it waits for has not come: a real drive would wake it in each turn of its loop. */
  #expectRest(): void {
    const deadline = this.#machine.deadline() ?? Number.POSITIVE_INFINITY;
    if (deadline <= this.#time.now()) throw new Error('the machine wants to be woken at once, for nothing');
  }

  #arm(): void {
    const deadline = this.#machine.deadline();
    if (deadline === undefined || (this.#timerAt !== undefined && this.#timerAt <= deadline)) return;
    const at = this.#timerFor(deadline);
    this.#timerAt = at;
    this.#time.plan(at, () => this.#wake(at));
  }

  #timerFor(deadline: Millis): Millis {
    const at = Math.max(deadline, this.#time.now() + LEAST_TIMER_MS);
    return this.#tickMs === undefined ? at : Math.ceil(at / this.#tickMs) * this.#tickMs;
  }

  #wake(at: Millis): void {
    if (at !== this.#timerAt) return;
    this.#timerAt = undefined;
    const deadline = this.#machine.deadline();
    if (deadline === undefined) return;
    if (deadline <= this.#time.now()) this.handle(this.#timePassed);
    else this.#arm();
  }
}
