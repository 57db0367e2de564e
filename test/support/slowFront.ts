// A front of a registry that keeps back what a test names: everything else goes through at once.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { RegistryFront } from './registryFront.ts';

/** What is kept back: `'PUT /v1/peers/bob'`. */
export type Call = `${'GET' | 'PUT' | 'DELETE'} ${string}`;

export interface Held {
  /** The call is here, and has reached the registry only where its answer is what is kept back. */
  readonly arrived: Promise<void>;
  go(): void;
  /** Answers as a gateway does whose registry is away. */
  refuse(): void;
}

interface Holding {
  readonly call: Call;
  readonly part: 'call' | 'answer';
  readonly arrived: () => void;
  readonly end: Promise<'go' | 'refuse'>;
}

export class SlowFront extends RegistryFront {
  /** The claims that came, in order, whether they were kept back or not. */
  readonly claims: Call[] = [];
  readonly #holdings: Holding[] = [];

  static open(registryUrl: string): Promise<SlowFront> {
    return new SlowFront(registryUrl).listen();
  }

  /** The next such call, or what the registry answers to it. */
  hold(call: Call, part: Holding['part'] = 'call'): Held {
    const arrived = Promise.withResolvers<void>();
    const end = Promise.withResolvers<'go' | 'refuse'>();
    this.#holdings.push({ call, part, arrived: arrived.resolve, end: end.promise });
    return {
      arrived: arrived.promise,
      go: () => end.resolve('go'),
      refuse: () => end.resolve('refuse'),
    };
  }

  protected async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const call = `${request.method} ${request.url}` as Call;
    if (request.method !== 'GET') this.claims.push(call);
    const body = Buffer.concat(await request.toArray());
    const at = this.#holdings.findIndex((holding) => holding.call === call);
    const held = at < 0 ? undefined : this.#holdings.splice(at, 1)[0];
    const answer = held?.part === 'answer' ? await this.ask(request, body) : undefined;
    held?.arrived();
    if ((await held?.end) === 'refuse') return void response.writeHead(503).end();
    const { status, text } = answer ?? (await this.ask(request, body));
    response.writeHead(status).end(text);
  }
}
