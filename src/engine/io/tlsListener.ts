// Waits for peers: TLS 1.3, both sides show a certificate, strangers without one get no further.

import { constants } from 'node:crypto';
import type { AddressInfo, Socket } from 'node:net';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import type { Disposable } from '../../base/disposable.ts';
import type { Fingerprint } from '../../contract/fingerprint.ts';
import { BULK_ALPN } from '../../wire/bulkFrame.ts';
import { BulkConnection } from './bulkConnection.ts';
import { type Credentials, SecureChannel } from './secureChannel.ts';

export const ALPN = 'hamta/1';
export const HANDSHAKE_TIMEOUT_MS = 10_000;
/** A bound against strangers who only connect: of those who have not shown who they are the oldest makes room. */
const MAX_HANDSHAKES = 128;
/** A bound on everything; those who have shown who they are have a lower one of their own (links.ts). */
const MAX_CONNECTIONS = 1_024;

export class TlsListener implements Disposable {
  readonly #server: Server;
  /** Connections that have not shown who they are, by their remote address. */
  readonly #handshakes: ReadonlyMap<string, Socket>;

  private constructor(server: Server, handshakes: ReadonlyMap<string, Socket>) {
    this.#server = server;
    this.#handshakes = handshakes;
  }

  /** Rejects with the system's error, e.g. code EADDRINUSE. Links go to `onChannel`, connections for files to `onBulk`. */
  static async open(
    host: string,
    port: number,
    credentials: Credentials,
    onChannel: (channel: SecureChannel) => void,
    onBulk: (connection: BulkConnection) => void = (connection) => connection.destroy(),
  ): Promise<TlsListener> {
    const server = createServer({
      key: credentials.keyPem,
      cert: credentials.certPem,
      minVersion: 'TLSv1.3',
      requestCert: true,
      // Certificates are self-signed: who they belong to is decided by their key, below.
      rejectUnauthorized: false,
      // A resumed session could come without a certificate.
      secureOptions: constants.SSL_OP_NO_TICKET,
      ALPNProtocols: [ALPN, BULK_ALPN],
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
    });
    server.maxConnections = MAX_CONNECTIONS;
    const handshakes = new Map<string, Socket>();
    server.on('connection', (socket) => boundHandshakes(handshakes, socket));
    server.on('secureConnection', (socket) => {
      handshakes.delete(remoteOf(socket));
      socket.on('error', () => {});
      const peer = peerOf(socket, credentials);
      if (peer === undefined) socket.destroy();
      else if (socket.alpnProtocol === ALPN) onChannel(new SecureChannel(socket, peer, false));
      else if (socket.alpnProtocol === BULK_ALPN) onBulk(new BulkConnection(socket, peer));
      else socket.destroy();
    });
    server.on('tlsClientError', (_error, socket) => socket.destroy());
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host, port }, () => {
        server.off('error', reject);
        resolve();
      });
    });
    server.on('error', () => {});
    return new TlsListener(server, handshakes);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** The address that a name stood for; `::` or `0.0.0.0` where it is all of them. */
  get host(): string {
    return (this.#server.address() as AddressInfo).address;
  }

  /** Takes no more connections; channels that were handed out go on. */
  dispose(): void {
    this.#server.close();
    for (const socket of this.#handshakes.values()) socket.destroy();
  }
}

function boundHandshakes(handshakes: Map<string, Socket>, socket: Socket): void {
  const remote = remoteOf(socket);
  handshakes.set(remote, socket);
  socket.once('close', () => {
    if (handshakes.get(remote) === socket) handshakes.delete(remote);
  });
  const [oldest] = handshakes.values();
  if (handshakes.size > MAX_HANDSHAKES) oldest?.destroy();
}

/** The TLS socket that comes of a connection is another object with the same address. */
function remoteOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}

function peerOf(socket: TLSSocket, credentials: Credentials): Fingerprint | undefined {
  const certificate = socket.getPeerX509Certificate();
  return certificate && credentials.fingerprintOf(certificate);
}
