// Runs the attach machine: does what it asks, tells it what came of it, wakes it in time. Holds the seat while there is one.

import type { Clock } from '../../base/clock.ts';
import { type Disposable, toDisposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import { type FailureCode, FailureError } from '../../contract/failure.ts';
import { type AttachInput, AttachMachine, type AttachState, type HostOutcome } from './attachMachine.ts';

/** What the outside does for an attachment. A seat is one connection to the engine. */
export interface AttachPorts<Seat extends Disposable> {
  /**
   * Rejects when nothing answers, in bounded time; with FailureError windowOutdated or pipeUnusable where trying again is no use.
   * `onClosed` is called once, later; `onSteppingDown` before it where the engine makes room for one of a newer build.
   */
  connect(onClosed: () => void, onSteppingDown: () => void): Promise<Seat>;
  /** Never rejects; resolves in bounded time. While an engine of this window listens, `listening` at once. */
  host(): Promise<HostOutcome>;
  readonly clock: Clock;
  startTimer(ms: number, onTime: () => void): Disposable;
  random(): number;
}

export class Attachment<Seat extends Disposable> implements Disposable {
  readonly #ports: AttachPorts<Seat>;
  readonly #machine: AttachMachine;
  readonly #changes = new Emitter<AttachState>();
  #seat: Seat | undefined;
  #timer: Disposable = toDisposable(() => {});
  #disposed = false;

  constructor(ports: AttachPorts<Seat>) {
    this.#ports = ports;
    this.#machine = new AttachMachine(() => ports.random());
  }

  readonly onDidChange = this.#changes.event;

  get state(): AttachState {
    return this.#machine.state;
  }

  /** Set while attached. */
  get seat(): Seat | undefined {
    return this.#seat;
  }

  /** Starts, or starts again after it has given up. */
  want(): void {
    this.#tell({ kind: 'wanted' });
  }

  /** Gives up a seat that does not work any more, and goes for another one. */
  drop(seat: Seat): void {
    seat.dispose();
    this.#closed(seat);
  }

  dispose(): void {
    this.#disposed = true;
    this.#timer.dispose();
    this.#changes.dispose();
    this.#seat?.dispose();
    this.#seat = undefined;
  }

  #tell(input: AttachInput): void {
    if (this.#disposed) return;
    const before = this.#machine.state;
    this.#machine.handle(input, this.#ports.clock.now());
    const output = this.#machine.poll();
    this.#setTimer();
    if (this.#machine.state !== before) this.#changes.fire(this.#machine.state);
    if (output?.kind === 'connect') void this.#connect();
    if (output?.kind === 'host') void this.#host();
  }

  async #connect(): Promise<void> {
    let seat: Seat | undefined;
    try {
      seat = await this.#ports.connect(
        () => this.#closed(seat),
        () => this.#tell({ kind: 'steppingDown' }),
      );
    } catch (error) {
      return this.#tell(inputOf(error));
    }
    if (this.#disposed) return seat.dispose();
    this.#seat = seat;
    this.#tell({ kind: 'attached' });
  }

  /** `seat` is undefined when the connection ends before it was attached; then `connect` rejects. */
  #closed(seat: Seat | undefined): void {
    if (seat === undefined || this.#seat !== seat) return;
    this.#seat = undefined;
    this.#tell({ kind: 'closed' });
  }

  async #host(): Promise<void> {
    this.#tell({ kind: 'hosted', outcome: await this.#ports.host() });
  }

  #setTimer(): void {
    this.#timer.dispose();
    const deadline = this.#machine.deadline();
    if (deadline === undefined) return;
    const wait = Math.max(0, deadline - this.#ports.clock.now());
    this.#timer = this.#ports.startTimer(wait, () => this.#tell({ kind: 'timePassed' }));
  }
}

const TURNED_AWAY: ReadonlySet<FailureCode> = new Set(['windowOutdated', 'pipeUnusable']);

/** That no engine answers is the ordinary state before the first window hosts one. */
function inputOf(error: unknown): AttachInput {
  const failure = error instanceof FailureError ? error.failure : undefined;
  const isFinal = failure !== undefined && TURNED_AWAY.has(failure.code);
  return isFinal ? { kind: 'turnedAway', failure } : { kind: 'refused' };
}
