// One WebSocket client connection, with bounds. `ws` and not the platform's own: that has no bound on what a registry may
// send, and does not say whether something answered that is no WebSocket.

import { WebSocket } from 'ws';
import type { Disposable } from '../../base/disposable.ts';
import { MAX_SERVER_FRAME_BYTES } from '../../contract/signal.ts';

/**
 * In which one frame may come, as fragments or as it is read. A registry sends one, and the thinnest line makes some 130 of its longest.
 * Each is an object here, so that single bytes would hold a hundred times what the frame has.
 */
export const MAX_PIECES = 512;
const HANDSHAKE_MS = 10_000;
/** What waits to be sent on a road that takes nothing. */
const MAX_UNSENT_BYTES = 1_048_576;
/** The code for a connection that ended without one (RFC 6455, section 7.4.1). */
const ABNORMAL = 1006;
/** Statuses of a registry that has the socket, and cannot serve it just now. */
const PASSING: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

export interface WebSocketEvents {
  opened(): void;
  text(text: string): void;
  /** Once, whatever happened. `isThere` is false when something answered that has no such socket. */
  closed(code: number, isThere: boolean): void;
}

/** After `dispose` nothing more is told. */
export class WebSocketDial implements Disposable {
  readonly #ws: WebSocket;
  #events: WebSocketEvents | undefined;

  constructor(url: string, events: WebSocketEvents) {
    this.#events = events;
    this.#ws = new WebSocket(url, {
      handshakeTimeout: HANDSHAKE_MS,
      maxPayload: MAX_SERVER_FRAME_BYTES,
      maxFragments: MAX_PIECES,
      maxBufferedChunks: MAX_PIECES,
      perMessageDeflate: false,
      followRedirects: false,
    });
    this.#ws.on('open', () => this.#events?.opened());
    this.#ws.on('message', (data, isBinary) => {
      if (!isBinary) this.#events?.text(String(data));
    });
    this.#ws.on('unexpected-response', (request, response) => {
      request.destroy();
      this.#end(ABNORMAL, PASSING.has(response.statusCode ?? 0));
    });
    // What it was about is told by `close`, which follows.
    this.#ws.on('error', () => undefined);
    this.#ws.on('close', (code) => this.#end(code, true));
  }

  /** Says nothing while it is not open. */
  send(text: string): void {
    if (this.#ws.readyState !== WebSocket.OPEN) return;
    if (this.#ws.bufferedAmount > MAX_UNSENT_BYTES) this.#ws.terminate();
    else this.#ws.send(text);
  }

  dispose(): void {
    this.#events = undefined;
    this.#ws.close();
    this.#ws.terminate();
  }

  #end(code: number, isThere: boolean): void {
    const events = this.#events;
    this.#events = undefined;
    events?.closed(code, isThere);
  }
}
