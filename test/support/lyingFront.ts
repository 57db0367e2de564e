// A front of a registry that says in its list what a test wants; what people have signed goes through as it is.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Fingerprint } from '../../src/contract/fingerprint.ts';
import { RegistryFront } from './registryFront.ts';

export class LyingFront extends RegistryFront {
  /** Whom the list calls what from now on. */
  readonly lies = new Map<Fingerprint, string>();

  static open(registryUrl: string): Promise<LyingFront> {
    const front = new LyingFront(registryUrl);
    // Without presence that is pushed the list is all that engines hear.
    front.server.on('upgrade', (_request, socket) => socket.destroy());
    return front.listen();
  }

  protected async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = Buffer.concat(await request.toArray());
    const { status, text } = await this.ask(request, body);
    response.writeHead(status).end(request.url?.startsWith('/v1/peers?') ? this.#changed(text) : text);
  }

  #changed(list: string): string {
    const page: { peers: { fingerprint: Fingerprint; name: string }[] } = JSON.parse(list);
    const nameOf = ({ fingerprint, name }: (typeof page.peers)[number]) => this.lies.get(fingerprint) ?? name;
    return JSON.stringify({ ...page, peers: page.peers.map((peer) => ({ ...peer, name: nameOf(peer) })) });
  }
}
