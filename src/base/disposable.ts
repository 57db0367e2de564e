// What starts can stop: one thing to let go of, and a set of things let go of together.

export interface Disposable {
  /** Lets go at once. Calling it again is harmless. */
  dispose(): void;
}

/** Runs `letGo` at the first dispose() and never again. */
export function toDisposable(letGo: () => void): Disposable {
  let done = false;
  return {
    dispose() {
      if (done) return;
      done = true;
      letGo();
    },
  };
}

/** Owns other disposables and lets go of them in reverse order of adding. Adding to a disposed owner disposes at once. */
export class DisposableStore implements Disposable {
  readonly #owned: Disposable[] = [];
  #disposed = false;

  get isDisposed(): boolean {
    return this.#disposed;
  }

  add<T extends Disposable>(child: T): T {
    if (this.#disposed) child.dispose();
    else this.#owned.push(child);
    return child;
  }

  /** Disposes every child even when one of them throws; the first error is thrown at the end. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    const errors: unknown[] = [];
    for (const child of this.#owned.splice(0).reverse()) {
      try {
        child.dispose();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }
}
