// One TLS 1.3 connection between two peers who have proved their keys: frames in, frames out, keys for the datagrams.

import type { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import type { Fingerprint } from '../../contract/fingerprint.ts';
import { DecodeError } from '../../wire/decodeError.ts';
import { FrameDecoder } from '../../wire/frame.ts';
import {
  decodeLinkFrame,
  encodeLinkFrame,
  type ForeignHello,
  type LinkFrame,
} from '../../wire/linkFrames.ts';
import { plainHost } from './hosts.ts';

/** RFC 8446 7.5 exporter label; the datagram keys of src/engine/transfer grow from it. */
const EXPORTER_LABEL = 'EXPORTER-hamta-transfer';
/** How long the last frames may take to be written out. */
const FLUSH_MS = 1_000;

export interface ChannelListener {
  /** Undefined is a frame of a later version. */
  onFrame(frame: LinkFrame | ForeignHello | undefined): void;
  /** What came cannot be understood; nothing more is read. */
  onGarbage(problem: string): void;
  /** The system's buffer is full, or has room again. */
  onFlow(isWritable: boolean): void;
  /** Once, when the connection ended without `close` being called here. */
  onLost(): void;
}

/** What either end needs to prove who it is, and to learn who the other is. */
export interface Credentials {
  readonly keyPem: string;
  readonly certPem: string;
  /** The peer's fingerprint, or undefined for a certificate that is not of our kind. */
  readonly fingerprintOf: (certificate: X509Certificate) => Fingerprint | undefined;
}

export class SecureChannel {
  readonly peer: Fingerprint;
  readonly dialledByMe: boolean;
  readonly remoteHost: string;
  readonly localHost: string;
  readonly remotePort: number;
  /** 32 bytes that only the two ends of this connection know. */
  readonly secret: Buffer;
  readonly #socket: TLSSocket;
  readonly #decoder = new FrameDecoder();
  #listener: ChannelListener | undefined;
  #isDeaf = false;
  #ended = false;

  /** `socket` has finished its handshake and `peer` has been checked. */
  constructor(socket: TLSSocket, peer: Fingerprint, dialledByMe: boolean) {
    this.#socket = socket;
    this.peer = peer;
    this.dialledByMe = dialledByMe;
    this.remoteHost = plainHost(socket.remoteAddress ?? '');
    this.localHost = plainHost(socket.localAddress ?? '');
    this.remotePort = socket.remotePort ?? 0;
    this.secret = socket.exportKeyingMaterial(32, EXPORTER_LABEL, Buffer.alloc(0));
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 30_000);
  }

  /** Starts delivery. Nothing is read before. */
  listen(listener: ChannelListener): void {
    this.#listener = listener;
    this.#socket.on('data', (chunk: Buffer) => this.#read(chunk));
    this.#socket.on('drain', () => this.#tell((to) => to.onFlow(true)));
    for (const event of ['error', 'end', 'close']) this.#socket.on(event, () => this.#lose());
  }

  send(frame: LinkFrame): void {
    if (this.#ended) return;
    const hasRoom = this.#socket.write(encodeLinkFrame(frame));
    if (!hasRoom) this.#tell((to) => to.onFlow(false));
  }

  /** Writes out what was sent, then closes; gives up after a second. The listener hears nothing more. */
  close(): void {
    if (this.#ended) return;
    this.#ended = true;
    const giveUp = setTimeout(() => this.#socket.destroy(), FLUSH_MS);
    this.#socket.once('close', () => clearTimeout(giveUp));
    this.#socket.end();
  }

  #read(chunk: Buffer): void {
    if (this.#ended || this.#isDeaf) return;
    try {
      this.#decoder.push(chunk);
      for (let json = this.#decoder.next(); json !== undefined && !this.#ended; json = this.#decoder.next()) {
        this.#listener?.onFrame(decodeLinkFrame(json));
      }
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.#isDeaf = true;
      this.#tell((to) => to.onGarbage(error.message));
    }
  }

  #lose(): void {
    this.#tell((to) => to.onLost());
    this.#ended = true;
    this.#socket.destroy();
  }

  #tell(say: (listener: ChannelListener) => void): void {
    if (!this.#ended && this.#listener !== undefined) say(this.#listener);
  }
}
