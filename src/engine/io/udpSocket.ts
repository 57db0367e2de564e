// The engine's one UDP socket: data, acknowledgements, later STUN and hole punching.

import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { Disposable } from '../../base/disposable.ts';
import { mappedHost, plainHost } from './hosts.ts';

/** Asked for; the system may give less (208 KiB on a stock Linux), which the sender's pacing has to live with. */
const SOCKET_BUFFER_BYTES = 4 * 1024 * 1024;

export type DatagramListener = (bytes: Buffer, host: string, port: number) => void;

export class UdpSocket implements Disposable {
  readonly #socket: Socket;
  readonly #isDualStack: boolean;
  #disposed = false;

  private constructor(socket: Socket, isDualStack: boolean) {
    this.#socket = socket;
    this.#isDualStack = isDualStack;
  }

  /** Binds `host`:`port`; port 0 takes any free one. Rejects with the system's error. */
  static async open(host: string, port: number, onDatagram: DatagramListener): Promise<UdpSocket> {
    const type = isIPv6(host) ? 'udp6' : 'udp4';
    // Hosts are always addresses: answering at once keeps the system's resolver, and a turn of the loop, out of each send.
    const family = type === 'udp6' ? 6 : 4;
    const socket = createSocket({ type, lookup: (address, _options, done) => done(null, address, family) });
    socket.on('message', (bytes: Buffer, from: RemoteInfo) =>
      onDatagram(bytes, plainHost(from.address), from.port),
    );
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind({ address: host, port }, () => {
        socket.off('error', reject);
        resolve();
      });
    });
    // A refused or unreachable datagram is a lost datagram: the protocol's timers deal with it.
    socket.on('error', () => {});
    askForBuffers(socket);
    return new UdpSocket(socket, type === 'udp6');
  }

  get port(): number {
    return this.#socket.address().port;
  }

  /** Hands the datagram to the system. `bytes` must not change afterwards. Never throws; a datagram may be lost anyway. */
  send(bytes: Uint8Array, host: string, port: number): void {
    if (this.#disposed) return;
    this.#socket.send(bytes, port, this.#isDualStack ? mappedHost(host) : host, ignoreLoss);
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#socket.close();
  }
}

/** Without a callback Node reports a failed send as an error event of the socket, a callback costs the same. */
function ignoreLoss(): void {}

function askForBuffers(socket: Socket): void {
  try {
    socket.setRecvBufferSize(SOCKET_BUFFER_BYTES);
    socket.setSendBufferSize(SOCKET_BUFFER_BYTES);
  } catch {
    // Some systems refuse instead of giving less; the default works, only slower.
  }
}
