// A front of a registry that says in its list what a test wants; what people have signed goes through as it is.

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Fingerprint } from '../../src/contract/fingerprint.ts';

export class LyingFront {
  /** Whom the list calls what from now on. */
  readonly lies = new Map<Fingerprint, string>();
  readonly #registryUrl: string;
  readonly #server: Server;

  private constructor(registryUrl: string) {
    this.#registryUrl = registryUrl;
    this.#server = createServer((request, response) => void this.#serve(request, response));
    // Without presence that is pushed the list is all that engines hear.
    this.#server.on('upgrade', (_request, socket) => socket.destroy());
  }

  static async open(registryUrl: string): Promise<LyingFront> {
    const front = new LyingFront(registryUrl);
    front.#server.listen(0, '127.0.0.1');
    await once(front.#server, 'listening');
    return front;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '' } = request;
    const body = await text(request);
    const answer = await fetch(`${this.#registryUrl}${url}`, {
      method,
      ...(body === '' ? {} : { headers: { 'content-type': 'application/json' }, body }),
    });
    const said = await answer.text();
    response.writeHead(answer.status).end(url.startsWith('/v1/peers?') ? this.#changed(said) : said);
  }

  #changed(list: string): string {
    const page: { peers: { fingerprint: Fingerprint; name: string }[] } = JSON.parse(list);
    const nameOf = ({ fingerprint, name }: (typeof page.peers)[number]) => this.lies.get(fingerprint) ?? name;
    return JSON.stringify({ ...page, peers: page.peers.map((peer) => ({ ...peer, name: nameOf(peer) })) });
  }
}
