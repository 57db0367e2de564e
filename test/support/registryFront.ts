// A server between people and their registry, which does with their calls what a test wants.

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface RegistrySays {
  readonly status: number;
  readonly text: string;
}

export abstract class RegistryFront {
  readonly #registryUrl: string;
  protected readonly server: Server;

  constructor(registryUrl: string) {
    this.#registryUrl = registryUrl;
    this.server = createServer((request, response) => void this.serve(request, response));
  }

  async listen(): Promise<this> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  protected abstract serve(request: IncomingMessage, response: ServerResponse): Promise<void>;

  /** What the registry answers to this call. */
  protected async ask(
    { method = 'GET', url }: IncomingMessage,
    body: Buffer<ArrayBuffer>,
  ): Promise<RegistrySays> {
    const answer = await fetch(`${this.#registryUrl}${url}`, {
      method,
      ...(body.length === 0 ? {} : { headers: { 'content-type': 'application/json' }, body }),
    });
    return { status: answer.status, text: await answer.text() };
  }
}
