// The engine's UDP port: data and acknowledgements.

import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { Disposable } from '../../base/disposable.ts';
import { giveBack } from '../../base/giveBack.ts';
import { mappedHost, plainHost } from './hosts.ts';
import { LaneSocket } from './laneSocket.ts';
import { hasRoom } from './sendQueue.ts';
import { UdpLane } from './udpLane.ts';

/** Asked for; the system may give less (208 KiB on a stock Linux), which the sender's pacing has to live with. */
const SOCKET_BUFFER_BYTES = 4 * 1024 * 1024;

/** The bytes are its own until it returns. */
export type DatagramListener = (bytes: Buffer, host: string, port: number) => void;

/** Sockets of one user may share a port, and one that is connected gets what its peer sends. Elsewhere sharing means another thing. */
const CAN_SHARE_PORT = process.platform === 'linux';

export class UdpSocket implements Disposable {
  readonly #socket: Socket;
  readonly #host: string;
  readonly #onDatagram: DatagramListener;
  /** By address. */
  readonly #lanes = new Map<string, LaneSocket>();
  #disposed = false;

  private constructor(socket: Socket, host: string, onDatagram: DatagramListener) {
    this.#socket = socket;
    this.#host = host;
    this.#onDatagram = onDatagram;
  }

  /** Binds `host`:`port`; port 0 takes any free one. Rejects with the system's error. */
  static async open(host: string, port: number, onDatagram: DatagramListener): Promise<UdpSocket> {
    const socket = await boundSocket(host, port, onDatagram, CAN_SHARE_PORT).catch((error) => {
      if (error.code !== 'ENOTSUP') throw error;
      return boundSocket(host, port, onDatagram, false);
    });
    return new UdpSocket(socket, host, onDatagram);
  }

  get port(): number {
    return this.#socket.address().port;
  }

  /**
   * Hands the datagram to the system. `bytes` must not change while as many as may wait (sendQueue.ts) are sent. Never throws; a
   * datagram may be lost anyway, and is where `port` is none (0, for one).
   */
  send(bytes: Uint8Array, host: string, port: number): void {
    if (!this.#disposed && isPort(port) && hasRoom(this.#socket, bytes.length))
      this.#socket.send(bytes, port, this.#hostFor(host));
  }

  /** For many datagrams to one address; what comes from there is handed to this socket's listener as ever. */
  laneTo(host: string, port: number): UdpLane {
    return new UdpLane(this.#lanes.get(`${host} ${port}`) ?? this.#newLane(host, port));
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#socket.close();
  }

  #newLane(host: string, port: number): LaneSocket {
    const name = `${host} ${port}`;
    const lane = new LaneSocket(
      (bytes) => this.send(bytes, host, port),
      this.#connected(host, port),
      () => this.#lanes.delete(name),
    );
    this.#lanes.set(name, lane);
    return lane;
  }

  async #connected(host: string, port: number): Promise<Socket | undefined> {
    if (!CAN_SHARE_PORT || this.#disposed || !isPort(port)) return undefined;
    const socket = await boundSocket(this.#host, this.port, this.#onDatagram, true).catch(() => undefined);
    if (socket === undefined) return undefined;
    return new Promise((resolve) => {
      socket.connect(port, this.#hostFor(host), (error?: Error) => {
        if (error !== undefined) socket.close();
        resolve(error === undefined ? socket : undefined);
      });
    });
  }

  #hostFor(host: string): string {
    return isIPv6(this.#host) ? mappedHost(host) : host;
  }
}

async function boundSocket(
  host: string,
  port: number,
  onDatagram: DatagramListener,
  reusePort: boolean,
): Promise<Socket> {
  const type = isIPv6(host) ? 'udp6' : 'udp4';
  // Hosts are always addresses: answering at once keeps the system's resolver, and a turn of the loop, out of each send.
  const family = type === 'udp6' ? 6 : 4;
  const socket = createSocket({
    type,
    reusePort,
    lookup: (address, _options, done) => done(null, address, family),
  });
  const hostOf = lastKnown(plainHost);
  socket.on('message', (bytes: Buffer, from: RemoteInfo) => {
    // Nobody can be answered at port 0: such datagrams are made by hand, or copied by somebody on the path.
    if (from.port !== 0) onDatagram(bytes, hostOf(from.address), from.port);
    giveBack(bytes);
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', (error) => {
      socket.close();
      reject(error);
    });
    socket.bind({ address: host, port }, () => {
      socket.removeAllListeners('error');
      resolve();
    });
  });
  // A refused or unreachable datagram is a lost datagram: the protocol's timers deal with it.
  socket.on('error', () => {});
  askForBuffers(socket);
  return socket;
}

/** Node throws where it is told to send to another. */
function isPort(port: number): boolean {
  return Number.isInteger(port) && port > 0 && port < 65_536;
}

/** The answer for the address asked for last is kept: datagrams come in thousands from one. */
function lastKnown(plain: (address: string) => string): (address: string) => string {
  let last = { address: '', host: '' };
  return (address) => {
    if (address !== last.address) last = { address, host: plain(address) };
    return last.host;
  };
}

function askForBuffers(socket: Socket): void {
  try {
    socket.setRecvBufferSize(SOCKET_BUFFER_BYTES);
    socket.setSendBufferSize(SOCKET_BUFFER_BYTES);
  } catch {
    // Some systems refuse instead of giving less; the default works, only slower.
  }
}
