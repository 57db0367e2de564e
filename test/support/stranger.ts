// Somebody who reaches an engine's port with a key of their own and says whatever they like.

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { Identity } from '../../src/engine/identity/identity.ts';
import { ALPN } from '../../src/engine/io/tlsListener.ts';
import { encodeLinkFrame, type Hello } from '../../src/wire/linkFrames.ts';

const HOST = '127.0.0.1';

/** A connection without TLS. Errors are the point, and nobody's business. */
export async function plainConnection(port: number): Promise<Socket> {
  const socket = connect(port, HOST).on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

/** TLS with this certificate, or with none. */
export async function secureConnection(port: number, me?: Identity): Promise<TLSSocket> {
  const proof = me === undefined ? {} : { key: me.keyPem, cert: me.certPem };
  const options = { host: HOST, port, rejectUnauthorized: false, ALPNProtocols: [ALPN], ...proof };
  const socket = connectTls(options).on('error', () => {});
  await once(socket, 'secureConnect');
  return socket;
}

/** What opens every link, from somebody who wants in. */
export function helloFrame(more: Partial<Hello> = {}): Uint8Array {
  return encodeLinkFrame({
    ...{ kind: 'hello', version: 1, name: 'stranger', instance: '0123456789abcdef', udpPort: 9 },
    ...{ accepts: true, received: 0, read: 0, capabilities: [] },
    ...more,
  });
}

/** Until the other side has let go of it; at once where it has. */
export async function ended(socket: Socket): Promise<void> {
  socket.resume();
  // A reset is an end like any other: `once` would make an error of it.
  if (!socket.destroyed) await new Promise((resolve) => socket.once('close', resolve));
}
