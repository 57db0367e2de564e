// Bytes between two peers who both want it, when nothing else connects them. Opaque: a frame is a stream's number and bytes,
// and only their count is looked at. Streams take turns; each direction has a window, so that a slow reader slows its writer.
//
//   offered --(accept)--> open --(close, idle, quota, overrun, socket gone)--> forgotten
//      '------(refusal, 15 s, socket gone)-----------------------------------------^

import { type ByKind, dispatch } from '../../src/base/byKind.ts';
import type { Millis } from '../../src/base/clock.ts';
import type { Machine } from '../../src/base/machine.ts';
import { RELAY_WINDOW_BYTES, type ServerFrame, type SignalReason } from '../../src/contract/signal.ts';
import { Outbox } from './outbox.ts';
import { IDLE_MS, MAX_QUEUED_FRAMES, MAX_STREAMS, OFFER_MS, RELAY_IN_FLIGHT_BYTES } from './params.ts';
import { RelayQuota } from './relayQuota.ts';

/** One end: a socket and the key that it has proven. */
export interface RelayEnd<Socket> {
  readonly socket: Socket;
  readonly key: string;
}

export type RelayIn<Socket> =
  /** `id` is the asker's own number for the question. */
  | {
      readonly kind: 'open';
      readonly id: number;
      readonly from: RelayEnd<Socket>;
      readonly to: RelayEnd<Socket>;
    }
  | { readonly kind: 'accept'; readonly socket: Socket; readonly stream: number }
  | { readonly kind: 'close'; readonly socket: Socket; readonly stream: number }
  | { readonly kind: 'bytes'; readonly socket: Socket; readonly stream: number; readonly bytes: Uint8Array }
  /** So many bytes that were forwarded to the socket have gone to the system. */
  | { readonly kind: 'flushed'; readonly socket: Socket; readonly bytes: number }
  | { readonly kind: 'gone'; readonly socket: Socket }
  | { readonly kind: 'time' };

export type RelayOut<Socket> =
  | { readonly kind: 'tell'; readonly socket: Socket; readonly frame: ServerFrame }
  /** Send it as one binary frame, then say `flushed` with the same count. */
  | {
      readonly kind: 'forward';
      readonly socket: Socket;
      readonly stream: number;
      readonly bytes: Uint8Array;
    };

interface Direction<Socket> {
  readonly stream: Stream<Socket>;
  readonly from: RelayEnd<Socket>;
  readonly to: RelayEnd<Socket>;
  readonly queue: Uint8Array[];
  /** Taken and not yet credited: what waits here, and what was forwarded since the last credit. */
  uncredited: number;
  forwarded: number;
}

interface Stream<Socket> {
  readonly number: number;
  readonly id: number;
  readonly from: RelayEnd<Socket>;
  readonly to: RelayEnd<Socket>;
  /** There and back. */
  readonly directions: readonly Direction<Socket>[];
  isOpen: boolean;
  /** When it ends unless something happens. */
  endsAt: Millis;
}

/** Credits are worth a frame of their own when a quarter of the window is free again. */
const CREDIT_STEP = RELAY_WINDOW_BYTES / 4;

export class RelayMachine<Socket> implements Machine<RelayIn<Socket>, RelayOut<Socket>> {
  readonly #out = new Outbox<RelayOut<Socket>>();
  readonly #quota = new RelayQuota();
  readonly #streams = new Map<number, Stream<Socket>>();
  readonly #ofSocket = new Map<Socket, Set<Stream<Socket>>>();
  /** Directions with something to forward, in the order of their turns. */
  readonly #waiting = new Set<Direction<Socket>>();
  readonly #inFlight = new Map<Socket, number>();
  #lastNumber = 0;
  #refillAt: Millis | undefined;

  get streams(): number {
    return this.#streams.size;
  }

  handle(input: RelayIn<Socket>, now: Millis): void {
    dispatch(this.#inputs, input, now);
  }

  poll(): RelayOut<Socket> | undefined {
    return this.#out.shift();
  }

  deadline(): Millis | undefined {
    let earliest = this.#refillAt;
    for (const { endsAt } of this.#streams.values())
      if (earliest === undefined || endsAt < earliest) earliest = endsAt;
    return earliest;
  }

  readonly #inputs: ByKind<RelayIn<Socket>, [now: Millis]> = {
    open: ({ id, from, to }, now) => this.#open(id, from, to, now),
    accept: ({ socket, stream: number }, now) => {
      const stream = this.#streams.get(number);
      if (stream === undefined || stream.isOpen || stream.to.socket !== socket) return;
      stream.isOpen = true;
      stream.endsAt = now + IDLE_MS;
      this.#tell(stream.from, { kind: 'relayOpened', id: stream.id, stream: number });
    },
    close: ({ socket, stream: number }) => {
      const stream = this.#streams.get(number);
      if (stream === undefined || !isEnd(stream, socket)) return;
      this.#end(stream, stream.isOpen ? 'closed' : 'refused', socket);
    },
    bytes: ({ socket, stream, bytes }, now) => this.#take(socket, this.#streams.get(stream), bytes, now),
    flushed: ({ socket, bytes }, now) => {
      const left = (this.#inFlight.get(socket) ?? 0) - bytes;
      if (left > 0) this.#inFlight.set(socket, left);
      else this.#inFlight.delete(socket);
      this.#forward(now);
    },
    gone: ({ socket }) => {
      for (const stream of [...(this.#ofSocket.get(socket) ?? [])]) this.#end(stream, 'offline', socket);
      this.#inFlight.delete(socket);
    },
    time: (_, now) => {
      for (const stream of [...this.#streams.values()])
        if (stream.endsAt <= now) this.#end(stream, stream.isOpen ? 'idle' : 'unanswered');
      if (this.#refillAt !== undefined && this.#refillAt <= now) this.#forward(now);
    },
  };

  #open(id: number, from: RelayEnd<Socket>, to: RelayEnd<Socket>, now: Millis): void {
    if (from.socket === to.socket) {
      this.#tell(from, { kind: 'relayRefused', id, reason: 'refused' });
      return;
    }
    const isAllowed = this.#streams.size < MAX_STREAMS && this.#quota.openStream(from.key, to.key);
    if (!isAllowed) {
      this.#tell(from, { kind: 'relayRefused', id, reason: 'tooMuch' });
      return;
    }
    const stream = streamOf(this.#nextNumber(), id, from, to, now + OFFER_MS);
    this.#streams.set(stream.number, stream);
    for (const { socket } of [from, to]) this.#streamsOf(socket).add(stream);
    this.#tell(to, { kind: 'relayOffer', stream: stream.number, from: from.key });
  }

  /** Numbers come round after four thousand million; one that is still in use is passed over. */
  #nextNumber(): number {
    do this.#lastNumber = (this.#lastNumber + 1) >>> 0;
    while (this.#streams.has(this.#lastNumber));
    return this.#lastNumber;
  }

  /** Bytes of a stream that has just ended are on their way for a while: they are dropped in silence. */
  #take(socket: Socket, stream: Stream<Socket> | undefined, bytes: Uint8Array, now: Millis): void {
    const direction = stream?.directions.find(({ from }) => from.socket === socket);
    if (stream === undefined || direction === undefined || !stream.isOpen) return;
    direction.uncredited += bytes.length;
    direction.queue.push(bytes);
    if (direction.uncredited > RELAY_WINDOW_BYTES || direction.queue.length > MAX_QUEUED_FRAMES)
      return this.#end(stream, 'overrun');
    stream.endsAt = now + IDLE_MS;
    this.#waiting.add(direction);
    this.#forward(now);
  }

  /** One frame of each direction in turn, while there is room at the reader and in the quotas. */
  #forward(now: Millis): void {
    this.#refillAt = undefined;
    for (let wentOn = true; wentOn; ) {
      wentOn = false;
      for (const direction of [...this.#waiting]) wentOn = this.#forwardOne(direction, now) || wentOn;
    }
  }

  #forwardOne(direction: Direction<Socket>, now: Millis): boolean {
    const { to, from, queue, stream } = direction;
    const [bytes] = queue;
    // An earlier turn may have ended its stream.
    if (bytes === undefined || !this.#waiting.has(direction)) return false;
    if ((this.#inFlight.get(to.socket) ?? 0) >= RELAY_IN_FLIGHT_BYTES) return false;
    if (this.#quota.isSpent(from.key, bytes.length, now)) {
      this.#end(stream, 'quota');
      return false;
    }
    const waitMs = this.#quota.waitMs(from.key, to.key, bytes.length, now);
    if (waitMs > 0) {
      this.#refillAt = Math.min(this.#refillAt ?? Number.POSITIVE_INFINITY, now + waitMs);
      return false;
    }
    this.#quota.take(from.key, to.key, bytes.length, now);
    this.#send(direction, bytes);
    return true;
  }

  #send(direction: Direction<Socket>, bytes: Uint8Array): void {
    const { to, from, queue, stream } = direction;
    queue.shift();
    // To the end of the line, or out of it.
    this.#waiting.delete(direction);
    if (queue.length > 0) this.#waiting.add(direction);
    this.#inFlight.set(to.socket, (this.#inFlight.get(to.socket) ?? 0) + bytes.length);
    this.#out.push({ kind: 'forward', socket: to.socket, stream: stream.number, bytes });
    direction.forwarded += bytes.length;
    if (direction.forwarded < CREDIT_STEP) return;
    this.#tell(from, { kind: 'relayCredit', stream: stream.number, bytes: direction.forwarded });
    direction.uncredited -= direction.forwarded;
    direction.forwarded = 0;
  }

  /** Whoever ended it (`by`) knows. */
  #end(stream: Stream<Socket>, reason: SignalReason, by?: Socket): void {
    this.#streams.delete(stream.number);
    this.#quota.closeStream(stream.from.key, stream.to.key);
    for (const direction of stream.directions) this.#waiting.delete(direction);
    for (const end of [stream.from, stream.to]) {
      this.#forgetAt(end.socket, stream);
      if (end.socket !== by) this.#tell(end, endFrame(stream, end, reason));
    }
  }

  #streamsOf(socket: Socket): Set<Stream<Socket>> {
    const known = this.#ofSocket.get(socket);
    if (known !== undefined) return known;
    const streams = new Set<Stream<Socket>>();
    this.#ofSocket.set(socket, streams);
    return streams;
  }

  #forgetAt(socket: Socket, stream: Stream<Socket>): void {
    const streams = this.#ofSocket.get(socket);
    streams?.delete(stream);
    if (streams?.size === 0) this.#ofSocket.delete(socket);
  }

  #tell({ socket }: RelayEnd<Socket>, frame: ServerFrame): void {
    this.#out.push({ kind: 'tell', socket, frame });
  }
}

function streamOf<Socket>(
  number: number,
  id: number,
  from: RelayEnd<Socket>,
  to: RelayEnd<Socket>,
  endsAt: Millis,
): Stream<Socket> {
  const directions: Direction<Socket>[] = [];
  const stream: Stream<Socket> = { number, id, from, to, directions, isOpen: false, endsAt };
  for (const ends of [
    { from, to },
    { from: to, to: from },
  ])
    directions.push({ stream, ...ends, queue: [], uncredited: 0, forwarded: 0 });
  return stream;
}

function isEnd<Socket>({ from, to }: Stream<Socket>, socket: Socket): boolean {
  return from.socket === socket || to.socket === socket;
}

function endFrame<Socket>(stream: Stream<Socket>, end: RelayEnd<Socket>, reason: SignalReason): ServerFrame {
  const isRefusal = !stream.isOpen && end === stream.from;
  return isRefusal
    ? { kind: 'relayRefused', id: stream.id, reason }
    : { kind: 'relayClosed', stream: stream.number, reason };
}
