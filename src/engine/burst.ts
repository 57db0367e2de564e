// Gathers what comes one after the other in a moment, so that all of it is committed at once: a wait for the disk costs more than
// everything else that a message costs. Nobody is answered before the commit.

/** Items of one commit. */
const MAX_ITEMS = 256;

/** Runs `work` in the next turn of the loop. */
type NextTurn = (work: () => void) => void;

interface Waiting<Item, Result> {
  readonly item: Item;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

export class Burst<Item, Result> {
  readonly #commit: (items: readonly Item[]) => Result[];
  readonly #nextTurn: NextTurn;
  readonly #waiting: Waiting<Item, Result>[] = [];
  #isWatching = false;

  /** `commit` does all or throws having done nothing; the results are in the order of the items. */
  constructor(commit: (items: readonly Item[]) => Result[], nextTurn: NextTurn = setImmediate) {
    this.#commit = commit;
    this.#nextTurn = nextTurn;
  }

  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      if (!this.#isWatching) this.#watch(0);
    });
  }

  /** Commits what has gathered, now. */
  flush(): void {
    const some = this.#waiting.splice(0);
    if (some.length > 0 && !this.#settle(some)) for (const one of some) this.#settle([one]);
  }

  /** A pipe hands over one request in each turn: the burst has ended with the first turn that brought nothing. */
  #watch(seen: number): void {
    this.#isWatching = true;
    this.#nextTurn(() => {
      this.#isWatching = false;
      const { length } = this.#waiting;
      if (length > seen && length < MAX_ITEMS) this.#watch(length);
      else this.flush();
    });
  }

  /** What one item of several is refused for is not the others' fault: false then, and nothing is settled. */
  #settle(some: readonly Waiting<Item, Result>[]): boolean {
    try {
      const results = this.#commit(some.map(({ item }) => item));
      for (const [i, result] of results.entries()) some[i]?.resolve(result);
    } catch (error) {
      if (some.length > 1) return false;
      some[0]?.reject(error);
    }
    return true;
  }
}
