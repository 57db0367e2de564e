// The bus of a registry with one instance: it only talks to itself, and is never away.

import type { BusListener, PresenceBus } from './presenceBus.ts';

export class LocalBus implements PresenceBus {
  readonly #topics = new Set<string>();
  #listener: BusListener | undefined;

  listen(listener: BusListener): void {
    this.#listener = listener;
  }

  /** Heard in a later turn, as over any other bus. */
  async publish(topic: string, text: string): Promise<number> {
    if (!this.#topics.has(topic)) return 0;
    setImmediate(() => {
      if (this.#topics.has(topic)) this.#listener?.heard(topic, text);
    });
    return 1;
  }

  async follow(topic: string): Promise<void> {
    this.#topics.add(topic);
  }

  unfollow(topic: string): void {
    this.#topics.delete(topic);
  }

  close(): void {
    this.#topics.clear();
    this.#listener = undefined;
  }
}
