// Datagrams are looked at for half a millisecond, and again in each turn of the loop that follows. The system hands over 32 at a time: a
// mebibyte of a picture, two milliseconds of work, and whoever writes to somebody meanwhile waits that long three times, once in each
// engine and once for the acknowledgement.

import type { Clock } from '../../base/clock.ts';
import { steadyClock } from './systemClock.ts';

/** The bytes are its own until it returns. */
export type DatagramListener = (bytes: Buffer, host: string, port: number) => void;

const TURN_MS = 0.5;
/** Waiting at most, as in the system's own buffer; what is more is looked at in the turn in which it comes. */
const MOST_BYTES = 4 * 1024 * 1024;
/** What a short one counts as: it costs its objects. */
const LEAST_BYTES = 1024;

interface Datagram {
  readonly bytes: Buffer;
  readonly host: string;
  readonly port: number;
}

/** Runs `work` at the end of this turn; from there, at the end of the next. */
type NextTurn = (work: () => void) => void;

export class DatagramTurns {
  readonly #listener: DatagramListener;
  readonly #clock: Clock;
  readonly #nextTurn: NextTurn;
  readonly #waiting: Datagram[] = [];
  #waitingBytes = 0;
  #hasTurn = false;
  #endsAt = 0;

  constructor(
    listener: DatagramListener,
    clock: Clock = steadyClock,
    nextTurn: NextTurn = (work) => setImmediate(work),
  ) {
    this.#listener = listener;
    this.#clock = clock;
    this.#nextTurn = nextTurn;
  }

  /** The listener hears of it now or in one of the next turns, in the order of the calls. */
  take(bytes: Buffer, host: string, port: number): void {
    if (!this.#hasTurn) this.#beginTurn();
    this.#waiting.push({ bytes, host, port });
    this.#waitingBytes += costOf(bytes);
    this.#work();
    while (this.#waitingBytes > MOST_BYTES) this.#handOn();
  }

  #beginTurn(): void {
    this.#hasTurn = true;
    this.#endsAt = this.#clock.now() + TURN_MS;
    this.#nextTurn(() => this.#endTurn());
  }

  /** While some wait, what comes waits behind them until the end of its turn. */
  #endTurn(): void {
    this.#endsAt = this.#clock.now() + TURN_MS;
    try {
      this.#work();
    } finally {
      this.#endsAt = 0;
      this.#hasTurn = this.#waiting.length > 0;
      if (this.#hasTurn) this.#nextTurn(() => this.#endTurn());
    }
  }

  #work(): void {
    while (this.#waiting.length > 0 && this.#clock.now() < this.#endsAt) this.#handOn();
  }

  #handOn(): void {
    const { bytes, host, port } = this.#waiting.shift() as Datagram;
    this.#waitingBytes -= costOf(bytes);
    this.#listener(bytes, host, port);
  }
}

function costOf(bytes: Buffer): number {
  return Math.max(LEAST_BYTES, bytes.length);
}
