// Gathers what comes one after the other in a moment, so that all of it is committed at once: a wait for the disk costs more than
// everything else that a message costs. Nobody is answered before the commit.

/** Items of one commit. */
const MAX_ITEMS = 256;
/** A pipe hands over one request in each turn, before or after the turn's own work: two that brought nothing are a pause. */
const QUIET_TURNS = 2;

/**
 * Does all, and answers with the results in the order of the items, or throws having done nothing. Undefined: this engine ends, and nobody is
 * answered, so that everybody asks the next one.
 */
type Commit<Item, Result> = (items: readonly Item[]) => Result[] | undefined;

/** Runs `work` in the next turn of the loop. */
type NextTurn = (work: () => void) => void;

interface Waiting<Item, Result> {
  readonly item: Item;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

export class Burst<Item, Result> {
  readonly #commit: Commit<Item, Result>;
  readonly #nextTurn: NextTurn;
  readonly #waiting: Waiting<Item, Result>[] = [];
  #isWatching = false;
  /** The last commit was of several: what comes next is hardly alone. */
  #isDense = false;

  constructor(commit: Commit<Item, Result>, nextTurn: NextTurn = setImmediate) {
    this.#commit = commit;
    this.#nextTurn = nextTurn;
  }

  /** What comes after a pause is committed at once, as somebody waits for it; what follows it is gathered. */
  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      if (this.#isWatching) return;
      if (!this.#isDense) this.flush();
      this.#watch(0, QUIET_TURNS);
    });
  }

  /** Commits what has gathered, now. */
  flush(): void {
    const some = this.#waiting.splice(0);
    if (some.length === 0) return;
    this.#isDense = some.length > 1;
    if (!this.#settle(some)) for (const one of some) this.#settle([one]);
  }

  /** The burst has ended with the first turn that brought nothing, the pause begins with the second. */
  #watch(seen: number, turnsLeft: number): void {
    this.#isWatching = true;
    this.#nextTurn(() => {
      const { length } = this.#waiting;
      if (length > seen && length < MAX_ITEMS) return this.#watch(length, QUIET_TURNS);
      if (length > 0) this.flush();
      else if (turnsLeft > 1) return this.#watch(0, turnsLeft - 1);
      this.#isWatching = false;
    });
  }

  /** What one item of several is refused for is not the others' fault: false then, and nothing is settled. */
  #settle(some: readonly Waiting<Item, Result>[]): boolean {
    try {
      const results = this.#commit(some.map(({ item }) => item)) ?? [];
      for (const [i, result] of results.entries()) some[i]?.resolve(result);
    } catch (error) {
      if (some.length > 1) return false;
      some[0]?.reject(error);
    }
    return true;
  }
}
