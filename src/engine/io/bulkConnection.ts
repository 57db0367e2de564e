// A second TLS 1.3 connection between two peers who have proved their keys: bytes in, bytes out. What they mean is told elsewhere
// (carriers/, wire/bulkFrame.ts).

import type { TLSSocket } from 'node:tls';
import { giveBack } from '../../base/giveBack.ts';
import type { Fingerprint } from '../../contract/fingerprint.ts';

/** How long the last bytes may take to be written out. */
const FLUSH_MS = 1_000;

interface Waiting {
  readonly parts: readonly Uint8Array[];
  readonly onSent: (() => void) | undefined;
}

export interface BulkListener {
  /** The bytes are the listener's until it returns; then they are gone. */
  onBytes(bytes: Buffer): void;
  /** Once, when the connection ended without `close` or `destroy` being called here. */
  onLost(): void;
}

export class BulkConnection {
  readonly peer: Fingerprint;
  readonly #socket: TLSSocket;
  #listener: BulkListener | undefined;
  #isOver = false;
  /** Behind parts that go apart. */
  #waiting: Waiting[] | undefined;

  /** `socket` has finished its handshake and `peer` has been checked. */
  constructor(socket: TLSSocket, peer: Fingerprint) {
    this.peer = peer;
    this.#socket = socket;
    socket.setNoDelay(true);
    for (const event of ['error', 'end', 'close']) socket.on(event, () => this.#lose());
  }

  /** Delivery goes to `listener` from now on, and to nobody before. A later listener takes its place. */
  listen(listener: BulkListener): void {
    const isFirst = this.#listener === undefined;
    this.#listener = listener;
    if (this.#isOver) return listener.onLost();
    if (isFirst) this.#socket.on('data', (bytes: Buffer) => this.#deliver(bytes));
  }

  /** `onSent`: the system has taken them, so that their buffers are free. It never hears of what is lost. */
  send(parts: readonly Uint8Array[], onSent?: () => void): void {
    if (this.#waiting === undefined) this.#write(parts, onSent);
    else this.#waiting.push({ parts, onSent });
  }

  /**
   * As `send`, each part in a record of TLS of its own, of which the other end has nothing before all of it has come. What a socket is
   * given while it is busy goes in long ones, so each part waits for the one before, and what is sent meanwhile for all of them.
   */
  sendApart(parts: readonly Uint8Array[], onSent: () => void): void {
    if (this.#waiting !== undefined) throw new Error('parts are on their way already');
    this.#waiting = [];
    this.#writeApart(parts, onSent);
  }

  #writeApart([part, ...rest]: readonly Uint8Array[], onSent: () => void): void {
    if (part !== undefined) return this.#write([part], () => this.#writeApart(rest, onSent));
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const { parts, onSent: then } of waiting) this.#write(parts, then);
    onSent();
  }

  #write(parts: readonly Uint8Array[], onSent?: () => void): void {
    if (this.#isOver) return;
    this.#socket.cork();
    parts.forEach((part, i) => {
      const isLast = i === parts.length - 1;
      this.#socket.write(part, (error) => {
        if (isLast && !error && !this.#isOver) onSent?.();
      });
    });
    this.#socket.uncork();
  }

  /** While it is not open nothing more is read, and the other side soon cannot write. */
  setFlow(isOpen: boolean): void {
    if (this.#isOver) return;
    if (isOpen) this.#socket.resume();
    else this.#socket.pause();
  }

  /** Writes out what was sent, then closes; gives up after a second. The listener hears nothing more. */
  close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const giveUp = setTimeout(() => this.#socket.destroy(), FLUSH_MS);
    this.#socket.once('close', () => clearTimeout(giveUp));
    // What still comes is not looked at, but must be read, or the end is not seen.
    this.#socket.resume();
    this.#socket.end();
  }

  destroy(): void {
    this.#isOver = true;
    this.#socket.destroy();
  }

  #deliver(bytes: Buffer): void {
    if (!this.#isOver) this.#listener?.onBytes(bytes);
    giveBack(bytes);
  }

  #lose(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#socket.destroy();
    this.#listener?.onLost();
  }
}
