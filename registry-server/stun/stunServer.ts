// The STUN server: two UDP sockets beside the HTTP port that tell whoever asks where it was seen. Keeps nothing of anybody but the
// rate limit. The second port lets a client see whether its router treats two destinations alike (RFC 5780's idea).

import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { Clock } from '../../src/base/clock.ts';
import type { Logger } from '../../src/base/logger.ts';
import { observedAddressOf } from '../observedAddress.ts';
import { RateLimiter, type RateLimits } from '../rateLimit.ts';
import { StartError } from '../startError.ts';
import { answerBinding, type BindingPlace } from './answerBinding.ts';
import { MAX_SEND_QUEUE_BYTES, STUN_RATE_LIMITS } from './params.ts';

export interface StunChoice {
  /** Undefined: the number of the HTTP port, or any free one where another program has that. */
  readonly port?: number | undefined;
  /** Undefined: the next number, or any free one. */
  readonly port2?: number | 'off' | undefined;
}

export interface StunOptions extends StunChoice {
  /** As the HTTP server is bound: one address, `0.0.0.0` or `::`. */
  readonly host: string;
  readonly httpPort: number;
  readonly clock: Clock;
  readonly log: Logger;
  readonly limits?: RateLimits;
}

/** Since the start; for those who watch over the registry. */
export interface StunCounts {
  answered: number;
  /** Garbage, indications, and what cannot be answered. */
  ignored: number;
  /** Over the rate limit of its address. */
  limited: number;
  /** Answers that the system did not take. */
  lost: number;
}

const UNSPECIFIED = new Set(['::', '0.0.0.0']);
const PORT_IN_USE = 2;
const MAX_PORT = 65_535;

export class StunServer {
  /** The first, and the second while there is one. */
  readonly ports: readonly number[];
  readonly counts: StunCounts = { answered: 0, ignored: 0, limited: 0, lost: 0 };
  readonly #sockets: readonly Socket[];
  readonly #host: string | undefined;
  readonly #clock: Clock;
  readonly #limiter: RateLimiter;

  private constructor(
    sockets: readonly Socket[],
    { host, clock, log, limits = STUN_RATE_LIMITS }: StunOptions,
  ) {
    this.#sockets = sockets;
    this.ports = sockets.map((socket) => socket.address().port);
    this.#host = UNSPECIFIED.has(host) ? undefined : host;
    this.#clock = clock;
    this.#limiter = new RateLimiter(limits);
    sockets.forEach((socket, index) => {
      socket.on('message', (bytes, from) => this.#answer(bytes, from, index));
      socket.on('error', (error) => log.warn(`STUN: ${error.message}`));
    });
  }

  /** Throws a StartError when a port that was asked for by number cannot be had. */
  static async start(options: StunOptions): Promise<StunServer> {
    const { host, httpPort, port, port2 } = options;
    const first = await bind(host, port, httpPort, '--stun-port');
    if (port2 === 'off') return new StunServer([first], options);
    try {
      const second = await bind(host, port2, (first.address().port + 1) % (MAX_PORT + 1), '--stun-port2');
      return new StunServer([first, second], options);
    } catch (error) {
      first.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#sockets.map((socket) => new Promise<void>((done) => socket.close(() => done()))));
  }

  #answer(bytes: Buffer, from: RemoteInfo, index: number): void {
    const host = observedAddressOf(from.address);
    // Nobody can be answered at port 0; such datagrams are made by hand.
    if (host === undefined || from.port === 0) return this.#count('ignored');
    if (this.#limiter.take(host, this.#clock.now()) > 0) return this.#count('limited');
    const answer = answerBinding(bytes, { host, port: from.port }, this.#placeOf(index));
    if (answer === undefined) return this.#count('ignored');
    this.#send(answer.bytes, from, answer.isFromOther ? 1 - index : index);
  }

  #send(bytes: Buffer, to: RemoteInfo, index: number): void {
    const socket = this.#sockets[index];
    if (socket === undefined || socket.getSendQueueSize() > MAX_SEND_QUEUE_BYTES) return this.#count('lost');
    socket.send(bytes, to.port, to.address, (error) => this.#count(error ? 'lost' : 'answered'));
  }

  #placeOf(index: number): BindingPlace {
    return { host: this.#host, port: this.ports[index] as number, otherPort: this.ports[1 - index] };
  }

  #count(what: keyof StunCounts): void {
    this.counts[what] += 1;
  }
}

/** `asked` or nothing; `preferred`, which falls back to any free port, where nothing was asked. */
async function bind(
  host: string,
  asked: number | undefined,
  preferred: number,
  flag: string,
): Promise<Socket> {
  if (asked !== undefined) {
    return bound(host, asked).catch((error: NodeJS.ErrnoException) => {
      throw cannotBind(asked, flag, error);
    });
  }
  return bound(host, preferred).catch(() => bound(host, 0));
}

function bound(host: string, port: number): Promise<Socket> {
  const type = isIPv6(host) ? 'udp6' : 'udp4';
  const family = type === 'udp6' ? 6 : 4;
  // Hosts are always addresses: the system's resolver is never asked.
  const socket = createSocket({ type, lookup: (address, _options, done) => done(null, address, family) });
  return new Promise((resolve, reject) => {
    socket.once('error', (error) => {
      socket.close();
      reject(error);
    });
    socket.bind({ address: host, port, exclusive: true }, () => {
      socket.removeAllListeners('error');
      resolve(socket);
    });
  });
}

function cannotBind(port: number, flag: string, cause: NodeJS.ErrnoException): StartError {
  if (cause.code === 'EADDRINUSE') {
    const todo = `Stop the program that has it, or choose another with ${flag} (0 picks a free one).`;
    return new StartError(`UDP port ${port} is in use. ${todo}`, { cause, exitCode: PORT_IN_USE });
  }
  const todo = `Choose another with ${flag}, or go without STUN with --no-stun.`;
  return new StartError(`STUN cannot use UDP port ${port} (${cause.message}). ${todo}`, { cause });
}
