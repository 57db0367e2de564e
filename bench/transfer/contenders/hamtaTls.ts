// A file over the engine's TLS carrier as shipped: its listener, its connection and its two machines, which check every block. The
// connection is made before the clock runs, as with raw TLS.

import { toDisposable } from '../../../src/base/disposable.ts';
import type { TakeConnection } from '../../../src/engine/carriers/bulkDoor.ts';
import { BulkReceive } from '../../../src/engine/carriers/bulkReceive.ts';
import { BulkSend } from '../../../src/engine/carriers/bulkSend.ts';
import type { Destination, Source } from '../../../src/engine/carriers/carrier.ts';
import { fingerprintOfCertificate } from '../../../src/engine/identity/fingerprint.ts';
import { loadIdentity } from '../../../src/engine/identity/identity.ts';
import type { BulkConnection } from '../../../src/engine/io/bulkConnection.ts';
import { dialBulk } from '../../../src/engine/io/tlsDial.ts';
import { TlsListener } from '../../../src/engine/io/tlsListener.ts';
import type { Setup, Words } from '../contender.ts';
import { betweenFiles } from './betweenFiles.ts';
import { betweenMemories } from './betweenMemories.ts';
import { type Road, sent } from './road.ts';

export const hamtaTls = betweenMemories((setup) => new TlsRoad(setup));
export const hamtaTlsFiles = betweenFiles((setup) => new TlsRoad(setup));

class TlsRoad implements Road {
  readonly #setup: Setup;
  #listener: TlsListener | undefined;
  #session: BulkReceive | undefined;
  #connection: BulkConnection | undefined;

  constructor(setup: Setup) {
    this.#setup = setup;
  }

  async open(destination: Destination, onFinished: () => void): Promise<Words> {
    const take = (connection: BulkConnection) => {
      this.#session = this.#receive(destination, connection, onFinished);
    };
    const me = await this.#credentials();
    this.#listener = await TlsListener.open(this.#setup.host, 0, me, (channel) => channel.close(), take);
    return { port: this.#listener.port };
  }

  async reach({ port }: Words): Promise<void> {
    const me = await this.#credentials();
    const to = { host: this.#setup.peerHost, port: Number(port) };
    this.#connection = await dialBulk(to, me.fingerprint, me, new AbortController().signal);
  }

  pass(source: Source, onDigest: (sha256: string) => void): Promise<void> {
    const meet = meetOn(this.#connection as BulkConnection);
    return sent(onDigest, (events) => new BulkSend(this.#whole, source, meet, events));
  }

  close(): void {
    this.#connection?.destroy();
    this.#session?.dispose();
    this.#listener?.dispose();
  }

  #receive(destination: Destination, connection: BulkConnection, onFinished: () => void): BulkReceive {
    const meet = meetOn(connection);
    return new BulkReceive(this.#whole, destination, ({ onConnection }) => meet(onConnection), {
      onFinished,
      onBegun: () => undefined,
      onConnected: () => undefined,
      onPart: () => undefined,
      onProgress: () => undefined,
      onClosed: () => undefined,
      onStalled: () => undefined,
      onLost: () => undefined,
      onFailed: (error) => console.error(error),
    });
  }

  get #whole() {
    return { sizeBytes: this.#setup.payload.length, firstBlock: 0 };
  }

  /** Both ends are the same person here. */
  async #credentials() {
    return { ...(await loadIdentity(this.#setup.folder)), fingerprintOf: fingerprintOfCertificate };
  }
}

/** There is a connection, and nobody has to find it. */
function meetOn(connection: BulkConnection) {
  return (take: TakeConnection) => {
    take(connection, Buffer.alloc(0));
    return toDisposable(() => undefined);
  };
}
