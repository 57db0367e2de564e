// Waits for peers: TLS 1.3, both sides show a certificate, strangers without one get no further.

import { constants } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import type { Disposable } from '../../base/disposable.ts';
import { type Credentials, SecureChannel } from './secureChannel.ts';

export const ALPN = 'hamta/1';
export const HANDSHAKE_TIMEOUT_MS = 10_000;
/** A bound against strangers who only connect. */
const MAX_CONNECTIONS = 256;

export class TlsListener implements Disposable {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** Rejects with the system's error, e.g. code EADDRINUSE. */
  static async open(
    host: string,
    port: number,
    credentials: Credentials,
    onChannel: (channel: SecureChannel) => void,
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
      ALPNProtocols: [ALPN],
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
    });
    server.maxConnections = MAX_CONNECTIONS;
    server.on('secureConnection', (socket) => {
      const channel = channelOf(socket, credentials);
      if (channel !== undefined) onChannel(channel);
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
    return new TlsListener(server);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  dispose(): void {
    this.#server.close();
  }
}

function channelOf(socket: TLSSocket, credentials: Credentials): SecureChannel | undefined {
  socket.on('error', () => {});
  const certificate = socket.getPeerX509Certificate();
  const peer = certificate && credentials.fingerprintOf(certificate);
  if (peer !== undefined && socket.alpnProtocol === ALPN) return new SecureChannel(socket, peer, false);
  socket.destroy();
  return undefined;
}
