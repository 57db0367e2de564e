// Events at the edges: mirrors and views have them, machines have none.

import { type Disposable, toDisposable } from './disposable.ts';

export type Event<T> = (listener: (value: T) => void) => Disposable;

/**
 * Delivers each fired value to every listener, in the order of firing: a fire inside a listener waits until the
 * current value has reached everybody. A listener that throws does not stop the others; `onError` is told.
 */
export class Emitter<T> implements Disposable {
  readonly #listeners = new Set<(value: T) => void>();
  readonly #waiting: T[] = [];
  readonly #onError: (error: unknown) => void;
  #delivering = false;

  constructor(onError: (error: unknown) => void = reportUnhandled) {
    this.#onError = onError;
  }

  readonly event: Event<T> = (listener) => {
    const entry = (value: T) => listener(value);
    this.#listeners.add(entry);
    return toDisposable(() => this.#listeners.delete(entry));
  };

  fire(value: T): void {
    this.#waiting.push(value);
    if (this.#delivering) return;
    this.#delivering = true;
    try {
      while (this.#waiting.length > 0) this.#deliver(this.#waiting.shift() as T);
    } finally {
      this.#delivering = false;
    }
  }

  dispose(): void {
    this.#listeners.clear();
    this.#waiting.length = 0;
  }

  #deliver(value: T): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(value);
      } catch (error) {
        this.#onError(error);
      }
    }
  }
}

/** Surfaces the error as an unhandled rejection, so that it is logged with its stack and stops nobody. */
function reportUnhandled(error: unknown): void {
  void Promise.reject(error);
}
