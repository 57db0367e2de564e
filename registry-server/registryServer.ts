// A registry that listens: the application behind an HTTP server with limits on time and size, and its end.

import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createSecureServer, type Server as SecureServer } from 'node:https';
import { type AddressInfo, isIPv6, type Socket } from 'node:net';
import { type AppParts, createApp } from './app.ts';
import { addressBehind } from './clientAddress.ts';
import { limitConnections } from './connectionGate.ts';
import { problemBody } from './problem.ts';
import { ClassicFront } from './routes/classic/classicFront.ts';
import { LocalBus } from './signal/localBus.ts';
import type { PresenceBus } from './signal/presenceBus.ts';
import { type SignalCounts, SignalServer } from './signal/signalServer.ts';
import { type StunChoice, type StunCounts, StunServer } from './stun/stunServer.ts';
import type { TlsContents } from './tlsFiles.ts';

export interface RegistryOptions extends AppParts {
  /** 0 for a free one. */
  readonly port: number;
  /** One address of this machine; undefined for all of them. */
  readonly host: string | undefined;
  /** With it the server speaks HTTPS and nothing else. */
  readonly tls?: TlsContents;
  /** What instances tell each other; closed with the server. Without one, this instance is the only one. */
  readonly bus?: PresenceBus;
  /** Whether the store was changed since this was asked last by somebody whom no bus announces. */
  readonly isChangedElsewhere?: (() => boolean) | undefined;
  /** Without it nobody is told where they are seen. */
  readonly stun?: StunChoice | undefined;
  /** Whether course clients are answered; they are unless told. Not over TLS, which they do not speak. */
  readonly classic?: boolean;
}

export interface RegistryServer {
  readonly server: Server | SecureServer;
  readonly port: number;
  /** As bound: `http://127.0.0.1:8000`, `https://[::]:8000`. */
  readonly url: string;
  /** Of the signal sockets, as of now. */
  readonly signalCounts: () => SignalCounts;
  /** Where STUN answers, over UDP: none, one or two. */
  readonly stunPorts: readonly number[];
  readonly stunCounts: () => StunCounts | undefined;
  /** Refuses new connections, lets running requests finish for a while, then cuts them. The store stays open. */
  close(): Promise<void>;
}

/** From the first byte of a request to its last. A record has one kilobyte. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 15_000;
/** Longer than a heartbeat, so that a peer keeps its connection between two. */
const KEEP_ALIVE_MS = 40_000;
/** Signal sockets (signal/params.ts) and as many requests again as there were before these. */
const MAX_CONNECTIONS = 30_000;
/** How long a stop waits for running requests: main has 10 s for everything. */
const CLOSE_DEADLINE_MS = 2_000;
const IDLE_CHECK_MS = 50;
/** How long a caller that spoke no HTTP may take to read why it was refused. */
const REFUSAL_LINGER_MS = 1_000;

const OPTIONS = {
  connectionsCheckingInterval: 5_000,
  minVersion: 'TLSv1.2',
  handshakeTimeout: HEADERS_TIMEOUT_MS,
  // Another upgrade that a request offers, as h2c, is not wanted and means nothing (RFC 9110, section 7.8). Of Node 24.9.
  shouldUpgradeCallback: isWebSocket,
  // The application asks for it, in its own form.
  requireHostHeader: false,
} as const;

/** Rejects with the system's error when the port cannot be had. */
export async function startRegistry({
  port,
  host,
  tls,
  bus = new LocalBus(),
  stun: stunChoice,
  classic = true,
  ...parts
}: RegistryOptions): Promise<RegistryServer> {
  const addressOf = addressBehind(parts.trustedHops ?? 0);
  const signal = new SignalServer({ ...parts, bus, addressOf });
  let stun: StunServer | undefined;
  const app = createApp({ ...parts, store: signal.store, stunPorts: () => stun?.ports ?? [] });
  const server = tls ? createSecureServer({ ...OPTIONS, ...tls }, app) : createServer(OPTIONS, app);
  server.headersTimeout = HEADERS_TIMEOUT_MS;
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.maxConnections = MAX_CONNECTIONS;
  // All that the 16 KiB of a head hold: headerCount.ts counts them.
  server.maxHeadersCount = 0;
  server.on('clientError', refuseBadHttp);
  // An expectation that nobody knows may be passed over (RFC 9110, section 10.1.1).
  server.on('checkExpectation', app);
  // Somebody who speaks no TLS, or another version: there is nobody to answer.
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  server.on('upgrade', (request, socket, head) => signal.upgrade(request, socket, head));
  const front = classic && !tls ? new ClassicFront({ ...parts, addressOf }) : undefined;
  front?.standBefore(server);
  // Behind a proxy all connections are the proxy's.
  if (!parts.trustedHops) limitConnections(server, parts.limits);
  await listening(server, port, host).catch(async (error) => {
    await signal.close();
    throw error;
  });
  const bound = server.address() as AddressInfo;
  const close = async () => {
    const gone = closed(server);
    front?.close();
    await signal.close();
    await gone;
  };
  stun =
    stunChoice &&
    (await besideHttp(stunChoice, bound, parts).catch(async (error) => {
      await close();
      throw error;
    }));
  return {
    server,
    port: bound.port,
    url: urlOf(bound.address, bound.port, tls && 'https'),
    signalCounts: () => signal.counts,
    stunPorts: stun?.ports ?? [],
    stunCounts: () => stun?.counts,
    close: async () => {
      await Promise.all([stun?.close(), close()]);
    },
  };
}

/** An IPv6 address stands in brackets (RFC 3986, section 3.2.2). */
export function urlOf(host: string, port: number, scheme: 'http' | 'https' = 'http'): string {
  return `${scheme}://${isIPv6(host) ? `[${host}]` : host}:${port}`;
}

/** On the same address; `bound` is where HTTP is. */
function besideHttp(
  choice: StunChoice,
  bound: AddressInfo,
  { clock, log }: Pick<AppParts, 'clock' | 'log'>,
): Promise<StunServer> {
  return StunServer.start({ ...choice, host: bound.address, httpPort: bound.port, clock, log });
}

function isWebSocket({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === 'websocket';
}

function listening(server: Server | SecureServer, port: number, host: string | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, ...(host === undefined ? {} : { host }) }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function closed(server: Server | SecureServer): Promise<void> {
  const deadline = setTimeout(() => server.closeAllConnections(), CLOSE_DEADLINE_MS);
  // A connection whose last request was running when we closed would else be kept for the next one.
  const idle = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS);
  return new Promise((resolve) => {
    server.close(() => {
      clearTimeout(deadline);
      clearInterval(idle);
      resolve();
    });
  });
}

/** What is no HTTP never reaches the application, but is answered in the same form. */
function refuseBadHttp(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const [status, reason, message] = badHttp(error.code);
  const type = status === 431 ? 'too-large' : 'bad-request';
  const body = JSON.stringify(problemBody({ type, message, times: {} }, status));
  const head = [
    `HTTP/1.1 ${status} ${reason}`,
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  setTimeout(() => socket.destroy(), REFUSAL_LINGER_MS).unref();
}

function badHttp(code: string | undefined): readonly [status: number, reason: string, message: string] {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return [431, 'Request Header Fields Too Large', 'The path and the headers may have 16 KiB together.'];
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return [408, 'Request Timeout', 'The request did not arrive in time. Send it again.'];
  }
  return [400, 'Bad Request', 'This is not HTTP as the registry reads it.'];
}
