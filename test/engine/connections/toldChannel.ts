// A channel without a network: what the engine sends is written down, what the peer says is told.

import type { Fingerprint } from '../../../src/contract/fingerprint.ts';
import type { ChannelListener, SecureChannel } from '../../../src/engine/io/secureChannel.ts';
import type { Hello, LinkFrame } from '../../../src/wire/linkFrames.ts';

export class ToldChannel {
  readonly peer: Fingerprint;
  readonly dialledByMe: boolean;
  readonly remoteHost = '127.0.0.1';
  readonly localHost = '127.0.0.1';
  readonly remotePort = 5_000;
  readonly secret = Buffer.alloc(32);
  readonly sent: LinkFrame[] = [];
  isClosed = false;
  #listener: ChannelListener | undefined;

  constructor(peer: Fingerprint, dialledByMe = false) {
    this.peer = peer;
    this.dialledByMe = dialledByMe;
  }

  /** As the engine takes it; it uses nothing else of a real one. */
  get channel(): SecureChannel {
    return this as unknown as SecureChannel;
  }

  listen(listener: ChannelListener): void {
    this.#listener = listener;
  }

  send(frame: LinkFrame): void {
    this.sent.push(frame);
  }

  close(): void {
    this.isClosed = true;
  }

  say(frame: LinkFrame): void {
    if (!this.isClosed) this.#listener?.onFrame(frame);
  }

  hello(more: Partial<Hello> = {}): void {
    const numbers = { received: 0, read: 0, capabilities: [] };
    const me = { name: 'Ali', instance: '0123456789abcdef', udpPort: 9, accepts: true };
    this.say({ kind: 'hello', version: 1, ...me, ...numbers, ...more });
  }

  lose(): void {
    this.#listener?.onLost();
  }

  get lastWord(): LinkFrame | undefined {
    return this.sent.at(-1);
  }
}
