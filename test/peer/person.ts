// Somebody with an engine of her own, who accepts whatever she is offered.

import { Emitter } from '../../src/base/emitter.ts';
import type { Fingerprint } from '../../src/contract/fingerprint.ts';
import type { Event } from '../../src/contract/state.ts';
import { EngineChild } from '../../src/peer/engineChild.ts';

export class Person {
  readonly #engine: EngineChild;
  readonly #events: Event[] = [];
  readonly #news = new Emitter<Event>();
  #peer = '' as Fingerprint;

  constructor(dataDir: string) {
    const options = { name: 'sara', registryUrl: '', dataDir, host: '127.0.0.1' };
    this.#engine = new EngineChild(options, ({ event }) => {
      this.#events.push(event);
      this.#news.fire(event);
    });
  }

  async meet(name: string, registryUrl: string): Promise<void> {
    const { rpc } = this.#engine;
    await rpc.request('attach', { version: 'test' });
    await rpc.request('signUp', { name: 'sara', registryUrl });
    const { peer } = await rpc.request('lookUp', { name });
    this.#peer = peer;
    await rpc.request('connect', { peer });
  }

  async say(text: string): Promise<void> {
    await this.#engine.rpc.request('sendText', { peer: this.#peer, text });
  }

  async hears(text: string): Promise<void> {
    await this.#first((event) => {
      if (event.kind !== 'messageAdded' || event.message.from !== 'peer') return undefined;
      return event.message.body.kind === 'text' && event.message.body.text === text ? text : undefined;
    });
  }

  async offer(path: string): Promise<void> {
    await this.#engine.rpc.request('offerFile', { peer: this.#peer, path, asPicture: true });
  }

  /** Accepts what is called `name`. Resolves with the saved file's path. */
  async receives(name: string): Promise<string> {
    const id = await this.#first((event) => {
      if (event.kind !== 'transferChanged' || event.transfer.direction !== 'receive') return undefined;
      return event.transfer.name === name ? event.transfer.id : undefined;
    });
    await this.#engine.rpc.request('answerTransfer', { id, accept: true });
    return this.#saved(id);
  }

  /** Fetches what is shared under `name`. Resolves with the saved file's path. */
  async fetches(name: string): Promise<string> {
    const itemId = await this.#first((event) =>
      event.kind === 'sharedByChanged' ? event.items.find((item) => item.name === name)?.id : undefined,
    );
    const { id } = await this.#engine.rpc.request('fetchShared', { peer: this.#peer, itemId });
    return this.#saved(id);
  }

  #saved(id: string): Promise<string> {
    return this.#first((event) => {
      if (event.kind !== 'transferChanged' || event.transfer.id !== id) return undefined;
      return event.transfer.state.kind === 'done' ? event.transfer.path : undefined;
    });
  }

  async stop(): Promise<void> {
    await this.#engine.stop();
  }

  /** What `find` makes of the first event, past or to come, of which it makes anything. */
  async #first<T>(find: (event: Event) => T | undefined): Promise<T> {
    for (const event of this.#events) {
      const found = find(event);
      if (found !== undefined) return found;
    }
    return new Promise((resolve) => {
      const listening = this.#news.event((event) => {
        const found = find(event);
        if (found === undefined) return;
        listening.dispose();
        resolve(found);
      });
    });
  }
}
