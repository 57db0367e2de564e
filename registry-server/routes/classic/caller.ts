// One connection from its first byte until it is handed on to the HTTP server, or has its answer as a course client.

import type { Socket } from 'node:net';
import type { ClassicAnswer } from './classicAnswer.ts';
import type { ClassicRoute } from './dialect.ts';
import { ANSWER_LINGER_MS, MAX_HEAD_BYTES } from './params.ts';
import { type ClassicRequest, RequestReader } from './requestReader.ts';

/** What a caller needs of those it came to. */
export interface Door {
  /** From the first byte, or before it, to the last of the request. */
  readonly deadlineMs: number;
  /** Undefined: not for us. */
  routeOf(firstLine: Buffer): ClassicRoute | undefined;
  /** Gives the socket to the HTTP server, with everything that it has sent. */
  handOn(socket: Socket): void;
  /** Never rejects. */
  answer(socket: Socket, route: ClassicRoute, request: ClassicRequest): Promise<ClassicAnswer | undefined>;
  encode(answer: ClassicAnswer): string;
  /** It has asked, gone, or been handed on. */
  leaves(caller: Caller): void;
}

const LINE_FEED = 0x0a;
/** How a request line begins, as far as it has come. Other protocols are handed on at once, not when they give up. */
const MAY_BE_REQUEST = /^[A-Za-z][\x20-\x7e\x80-\xff]*\r?$/;

export class Caller {
  readonly #socket: Socket;
  readonly #door: Door;
  readonly #deadline: NodeJS.Timeout;
  readonly #reader = new RequestReader();
  /** All that came, until it is known whom it is for. */
  #seen = Buffer.alloc(0);
  #route: ClassicRoute | undefined;

  constructor(socket: Socket, door: Door) {
    this.#socket = socket;
    this.#door = door;
    this.#deadline = setTimeout(() => this.#end({ status: 408 }), door.deadlineMs).unref();
    socket.on('data', this.#take).on('end', this.#drop).on('close', this.#drop).on('error', this.#drop);
  }

  /** Ends a connection that has not asked for anything yet. */
  drop(): void {
    this.#drop();
  }

  readonly #take = (bytes: Buffer): void => {
    if (this.#route !== undefined) return this.#read(this.#route, bytes);
    this.#seen = Buffer.concat([this.#seen, bytes]);
    const end = this.#seen.indexOf(LINE_FEED);
    if (end < 0 && isOpen(this.#seen)) return;
    this.#route = end < 0 ? undefined : this.#door.routeOf(this.#seen.subarray(0, end));
    if (this.#route === undefined) this.#handOn();
    else this.#read(this.#route, this.#seen);
  };

  readonly #drop = (): void => {
    this.#letGo();
    this.#socket.destroy();
  };

  #handOn(): void {
    this.#letGo();
    this.#socket.off('error', this.#drop).pause();
    this.#socket.unshift(this.#seen);
    this.#door.handOn(this.#socket);
    this.#socket.resume();
  }

  /** A request is complete when its body is, whatever becomes of the connection: one client never waits for its answer. */
  #read(route: ClassicRoute, bytes: Buffer): void {
    const reading = this.#reader.push(bytes);
    if (reading === 'more') return;
    if (typeof reading === 'number') return this.#end({ status: reading });
    this.#letGo();
    void this.#door.answer(this.#socket, route, reading).then((answer) => this.#end(answer));
  }

  /** What else the caller sends is thrown away; whether it reads its answer does not matter. */
  #end(answer: ClassicAnswer | undefined): void {
    this.#letGo();
    this.#socket.resume();
    this.#socket.end(answer === undefined ? '' : this.#door.encode(answer), 'latin1');
    setTimeout(() => this.#socket.destroy(), ANSWER_LINGER_MS).unref();
  }

  /** Errors are still listened to: from here on they change nothing. */
  #letGo(): void {
    clearTimeout(this.#deadline);
    this.#socket.off('data', this.#take).off('end', this.#drop).off('close', this.#drop);
    this.#door.leaves(this);
  }
}

/** Whether what has come may still become a request line. */
function isOpen(seen: Buffer): boolean {
  return seen.length <= MAX_HEAD_BYTES && MAY_BE_REQUEST.test(seen.toString('latin1'));
}
